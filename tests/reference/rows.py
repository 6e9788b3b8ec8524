"""Rows of mart_kpi_timeseries from facts: periods, dimensions and the arithmetic of each kind of KPI.

What a fact is and which facts a KPI has stand in the KPI modules.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from tests.reference.world import World

GRAINS = ("day", "week", "month")


@dataclass(frozen=True)
class Fact:
    """One fact: the instant that puts it into a period, its dimensions, its share of numerator and denominator."""

    at: datetime
    dimensions: dict
    numerator: Fraction | int = 1
    denominator: Fraction | int = 1


def period_start(day: date, grain: str) -> date:
    """Weeks start on Monday, months on the 1st."""
    if grain == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if grain == "month" else day


def periods(world: World, day: date) -> list[tuple]:
    """(grain, start) of every period the day lies in; of a world with spans: those, as ('span', (first, last))."""
    if world.spans:
        return [("span", (first, last)) for first, last in world.spans if first <= day <= last]
    return [(grain, period_start(day, grain)) for grain in GRAINS]


def dimension_value(world: World, fact: Fact, dimension: str) -> str:
    """A missing issue type is `unknown`, any other missing value `(none)`; hours and weekdays are local."""
    local = fact.at.astimezone(world.zone)
    if dimension == "all":
        return "all"
    if dimension == "hour":
        return str(local.hour)
    if dimension == "weekday":
        return str(local.isoweekday())
    missing = "unknown" if dimension == "issue_type" else "(none)"
    return fact.dimensions.get(dimension) or missing


def cells(world: World, facts: Iterable[Fact], dimensions: Iterable[str], *, with_all: bool = True) -> dict:
    """(grain, period_start, dimension, dimension_value) -> its facts."""
    names = ["all", *dimensions] if with_all else list(dimensions)
    found = defaultdict(list)
    for fact in facts:
        day = world.local_day(fact.at)
        for grain, start in periods(world, day):
            for name in names:
                found[grain, start, name, dimension_value(world, fact, name)].append(fact)
    return found


def row(kpi_id: str, cell: tuple, unit: str, numerator, denominator, value, sample_size: int, values=()) -> dict:
    """`values`: what the facts measured one by one, for a test of a mean."""
    grain, start, dimension, named = cell
    return {
        "kpi_id": kpi_id, "grain": grain, "period_start": start, "dimension": dimension, "dimension_value": named,
        "numerator": numerator, "denominator": denominator, "value": value, "unit": unit, "sample_size": sample_size,
        "values": list(values),
    }  # fmt: skip


def quotient_rows(kpi_id: str, unit: str, by_cell: dict[tuple, list[Fact]]) -> list[dict]:
    """Ratio and mean alike: the sum above over the sum below; nothing below, no row."""
    found = []
    for cell, facts in by_cell.items():
        above, below = sum(fact.numerator for fact in facts), sum(fact.denominator for fact in facts)
        if below:
            values = [fact.numerator for fact in facts]
            found.append(row(kpi_id, cell, unit, above, below, Fraction(above) / below, len(facts), values))
    return found


def count_rows(kpi_id: str, by_cell: dict[tuple, list[Fact]]) -> list[dict]:
    found = []
    for cell, facts in by_cell.items():
        total = sum(fact.numerator for fact in facts)
        found.append(row(kpi_id, cell, "count", total, None, total, len(facts)))
    return found


def quantile_rows(kpi_id: str, unit: str, by_cell: dict[tuple, list[Fact]], share: Fraction) -> list[dict]:
    """Linear interpolation between the two neighbours; no numerator and no denominator."""
    found = []
    for cell, facts in by_cell.items():
        values = [fact.numerator for fact in facts]
        found.append(row(kpi_id, cell, unit, None, None, quantile(values, share), len(facts), values))
    return found


def quantile(values: Iterable[Fraction], share: Fraction) -> Fraction:
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def seconds_kpi_rows(name: str, by_cell: dict, kinds: Iterable[str]) -> list[dict]:
    """`<name>_mean`, `_median` and `_p90` of one measure in seconds."""
    makers: dict[str, Callable[[], list[dict]]] = {
        "mean": lambda: quotient_rows(f"{name}_mean", "seconds", by_cell),
        "median": lambda: quantile_rows(f"{name}_median", "seconds", by_cell, Fraction(1, 2)),
        "p90": lambda: quantile_rows(f"{name}_p90", "seconds", by_cell, Fraction(9, 10)),
    }
    return [one for kind in kinds for one in makers[kind]()]


def rolling_cells(world: World, facts: list[Fact], dimensions: Iterable[str], days: int) -> dict[tuple, list[Fact]]:
    """Cells of a KPI that looks back over `days` local days including its own: grain day, up to the day of `as_of`."""
    found = defaultdict(list)
    last = world.local_day(world.as_of)
    for fact in [] if world.spans else facts:
        day = world.local_day(fact.at)
        for later in range(days):
            if day + timedelta(days=later) <= last:
                for name in ["all", *dimensions]:
                    cell = ("day", day + timedelta(days=later), name, dimension_value(world, fact, name))
                    found[cell].append(fact)
    return found
