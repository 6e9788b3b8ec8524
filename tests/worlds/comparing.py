"""Two versions of mart_kpi_timeseries, row by row: what is missing, what is extra, what differs."""

from decimal import Decimal
from fractions import Fraction

KEY = ("kpi_id", "grain", "period_start", "dimension", "dimension_value")
NUMBERS = ("numerator", "denominator", "value")
RELATIVE = Fraction(1, 10**9)


def differences(expected: list[dict], actual: list[dict]) -> list[str]:
    """One readable line per difference; `expected` is the reference's, `actual` the SQL's."""
    ours, theirs = _by_key(expected), _by_key(actual)
    found = [f"a key stands twice in the {side}" for side, rows, keyed in
             (("reference", expected, ours), ("SQL", actual, theirs)) if len(rows) != len(keyed)]  # fmt: skip
    for key in sorted(ours.keys() | theirs.keys(), key=str):
        mine, other = ours.get(key), theirs.get(key)
        label = " · ".join(str(part) for part in key)
        if other is None:
            found.append(f"missing in the SQL: {label}: {_numbers(mine)}")
        elif mine is None:
            found.append(f"extra in the SQL:   {label}: {_numbers(other)}")
        elif not _agree(mine, other):
            found.append(f"differs: {label}: reference {_numbers(mine)}, SQL {_numbers(other)}")
    return found


def _by_key(rows: list[dict]) -> dict[tuple, dict]:
    return {tuple(row[name] for name in KEY): row for row in rows}


def _agree(mine: dict, other: dict) -> bool:
    """Counts and sample sizes exactly, every other number to 1e-9 of its size."""
    exact = (
        "unit",
        "sample_size",
        *(("numerator", "value") if mine["unit"] == "count" and mine["denominator"] is None else ()),
    )
    if any(mine[name] != other[name] for name in exact):
        return False
    return all(is_close(mine[name], other[name]) for name in NUMBERS)


def is_close(mine, other, relative: Fraction = RELATIVE) -> bool:
    if mine is None or other is None:
        return mine is other
    left, right = _exact(mine), _exact(other)
    return abs(left - right) <= relative * max(abs(left), abs(right))


def _exact(value) -> Fraction:
    return Fraction(value) if isinstance(value, (int, float, Decimal, Fraction)) else Fraction(str(value))


def _numbers(row: dict) -> str:
    numbers = [f"{name}={_short(row[name])}" for name in (*NUMBERS, "sample_size")]
    return ", ".join([*numbers, row["unit"]])


def _short(value) -> str:
    return "null" if value is None else f"{float(value):.12g}"
