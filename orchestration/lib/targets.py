"""What a target's row in the scorecard says to people: values with their unit, worst offenders, SQL to the rows.

Not here: how value and status are computed (mart_kpi_scorecard).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

TOP = 5
LAST_DAYS = 30
SPARKS = "▁▂▃▄▅▆▇█"
HIGH_IS_GOOD = (">", ">=")


def descriptions(rows: list[dict[str, Any]], catalogue: dict[str, dict[str, Any]]) -> dict[str, str]:
    """target_id -> what its newest row in targets.csv asks for and when; older rows stand in dim_target."""
    newest_last = sorted(rows, key=lambda row: row["effective_from"] or date.min)
    return {row["target_id"]: _describe(row, catalogue.get(row["kpi_id"], {})) for row in newest_last}


def _describe(row: dict[str, Any], kpi: dict[str, Any]) -> str:
    scope = f", {row['dimension']} {row['dimension_value']}" if row["dimension"] not in (None, "all") else ""
    days = f"{row['window_days']} days" if row["window_days"] != 1 else "the day"
    goal = f"{row['comparator']} {show(row['target'], kpi.get('unit'))}"
    force = [f"{word} {row[name]}" for word, name in (("from", "effective_from"), ("to", "effective_to")) if row[name]]
    asked = ", ".join([f"{kpi.get('name', row['kpi_id'])}{scope}: {goal} over {days}", *force])
    return f"{asked}. KPI {row['kpi_id']}. Source: {row['source']}"


def scorecard_rows(connection: duckdb.DuckDBPyConnection, database: str = "main") -> dict[str, dict[str, Any]]:
    """target_id -> its scorecard row, with the KPI's name and unit."""
    result = connection.execute(
        f"select s.*, k.name, k.unit from {database}.mart_kpi_scorecard s"
        f" left join {database}.dim_kpi k using (kpi_id) order by s.target_id"
    )
    names = [column[0] for column in result.description]
    return {row["target_id"]: row for row in (dict(zip(names, values, strict=True)) for values in result.fetchall())}


def show(value: float | Decimal | None, unit: str | None) -> str:
    """A value as people write it: ratios in per cent, durations in s, min or h; - for none."""
    if value is None:
        return "-"
    value = float(value)
    if unit == "ratio":
        return f"{value:.1%}"
    if unit == "seconds":
        size, name = next((pair for pair in ((3600, "h"), (60, "min")) if abs(value) >= 2 * pair[0]), (1, "s"))
        return f"{_number(round(value / size, 1))} {name}"
    return _number(round(value, 2))


def _number(value: float | Decimal | None) -> str:
    if value is None:
        return "-"
    return f"{float(value):,.6f}".rstrip("0").rstrip(".")


def as_measured(row: dict[str, Any], kpi: dict[str, Any]) -> dict[str, Any]:
    """The row with the scope its KPI has rows for: all, where the target names what all of the KPI lies in."""
    if row["dimension"] in kpi.get("lies_in", {}):
        return row | {"dimension": "all", "dimension_value": "all"}
    return row


@dataclass(frozen=True)
class Offender:
    """A cell that takes from a target: where it is, its value, by how many events it falls short, and its facts."""

    where: str
    value: float
    misses: float
    facts: float


def offenders(connection: duckdb.DuckDBPyConnection, row: dict[str, Any]) -> list[Offender]:
    """What takes most from the target in its window, the most first.

    For a target over all contacts: the cells of the KPI's dimensions. For a scoped one: its days. `misses` is how far
    the cell falls short, in the KPI's own events: with 90 of 100 against 95 % it is 5. A KPI without a denominator
    (counts, medians) is weighed by its value.
    """
    scoped = row["dimension"] != "all"
    cell = "'day', period_start::varchar" if scoped else "dimension, dimension_value"
    scope = "dimension = $dimension and dimension_value = $dimension_value" if scoped else "dimension <> 'all'"
    sign = "" if row["comparator"] in HIGH_IS_GOOD else "-1 * "
    found = connection.execute(
        f"""
        select {cell}, sum(numerator), sum(denominator), sum(sample_size), avg(value),
            case when sum(denominator) > 0 then {sign}($target * sum(denominator) - sum(numerator))
                 else {sign}($target - avg(value)) end as misses
        from main.mart_kpi_timeseries
        where kpi_id = $kpi_id and grain = 'day' and period_start between $window_start and $window_end and {scope}
        group by all having misses > 0 order by misses desc, 1, 2 limit {TOP}
        """,
        {name: row[name] for name in _parameters(scoped)},
    ).fetchall()
    return [
        Offender(f"{dimension} {value}", numerator / denominator if denominator else mean, misses, facts)
        for dimension, value, numerator, denominator, facts, mean, misses in found
    ]


def as_markdown(worst: list[Offender], unit: str | None) -> str:
    """The offenders as a Markdown table."""
    lines = [
        f"| {escape(one.where)} | {show(one.value, unit)} | {_number(round(one.misses, 1))} | {one.facts} |"
        for one in worst
    ]
    return "\n".join(["| where | value | misses | facts |", "|---|---|---|---|", *lines]) if lines else "none"


def last_values(connection: duckdb.DuckDBPyConnection, row: dict[str, Any], days: int = LAST_DAYS) -> list[float]:
    """The values of `last_days`."""
    return [value for _, value in last_days(connection, row, days)]


def last_days(
    connection: duckdb.DuckDBPyConnection, row: dict[str, Any], days: int = LAST_DAYS
) -> list[tuple[date, float]]:
    """The newest `days` days with a value, up to the end of the target's window, and it; the oldest first."""
    found = connection.execute(
        "select period_start, value from main.mart_kpi_timeseries where kpi_id = $kpi_id and grain = 'day' "
        "and dimension = $dimension and dimension_value = $dimension_value and value is not null "
        f"and period_start <= $window_end order by period_start desc limit {days}",
        {name: row[name] for name in ("kpi_id", "dimension", "dimension_value", "window_end")},
    ).fetchall()
    return [(day, float(value)) for day, value in reversed(found)]


def as_sparks(values: list[float], unit: str | None) -> str:
    """A line of text that goes up and down with the values, and its ends; `none` without any."""
    if not values:
        return "none"
    low, high = min(values), max(values)
    steps = [round((value - low) / (high - low) * (len(SPARKS) - 1)) if high > low else 0 for value in values]
    drawn = "".join(SPARKS[step] for step in steps)
    return (
        f"{drawn} {show(values[0], unit)} to {show(values[-1], unit)}, between {show(low, unit)} and {show(high, unit)}"
    )


def _parameters(scoped: bool) -> list[str]:
    return ["kpi_id", "target", "window_start", "window_end", *(["dimension", "dimension_value"] if scoped else [])]


def escape(text: str) -> str:
    """A text for a cell of a Markdown table."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def rows_sql(row: dict[str, Any], kpi: dict[str, Any], parquet: Path, published: Collection[str]) -> str:
    """SQL, ready to paste into DuckDB: the days behind the value and, where they are `published`, the KPI's facts.

    `parquet` may come to be later: the checks run before the version is written.
    """
    days = (
        f"select * from {_file(parquet, 'mart_kpi_timeseries')}\n"
        f"where kpi_id = {_text(row['kpi_id'])} and grain = 'day'\n"
        f"  and dimension = {_text(row['dimension'])} and dimension_value = {_text(row['dimension_value'])}\n"
        f"  and period_start between {_text(row['window_start'])} and {_text(row['window_end'])} order by period_start;"
    )
    if kpi.get("facts") not in published:
        return days
    conditions = [f"({kpi['where']})"] if kpi.get("where") else []
    if row["dimension"] != "all":
        conditions.append(f"{row['dimension']} = {_text(row['dimension_value'])}")
    conditions.append(f"{kpi['period']} between {_text(row['window_start'])} and {_text(row['window_end'])}")
    return f"{days}\n\nselect * from {_file(parquet, kpi['facts'])}\nwhere " + "\n  and ".join(conditions) + ";"


def _file(parquet: Path, table: str) -> str:
    return f"read_parquet({_text(parquet / f'{table}.parquet')})"


def _text(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"
