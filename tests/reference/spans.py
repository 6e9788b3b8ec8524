"""KPIs over spans of days, as targets and interventions ask for them (§10 of the catalogue).

What a target or an intervention makes of a value stands in `scorecard` and `interventions`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from tests.reference.catalogue import timeseries
from tests.reference.contacts import History
from tests.reference.rows import quantile
from tests.reference.voice import FEWEST_EMPLOYEES
from tests.reference.world import World

Span = tuple[date, date]

#: They look back themselves, or are taken at the end of the day: a span shows its last day's row.
LAST_DAY_ONLY = (
    "messenger_response_rate_7d", "messenger_response_time_7d_mean", "order_defect_rate", "repeat_purchase_rate",
    "cross_sell_rate", "upsell_rate", "backlog",
)  # fmt: skip
#: Reasons of escalation are shares of all contacts, one of them and all of them together.
SHARES_OF_ALL = ("escalation_reason",)
QUANTILES = {"median": Fraction(1, 2), "p90": Fraction(9, 10)}


@dataclass(frozen=True)
class Reading:
    """A KPI over a span. No facts: no value, and nothing else either. `values`: what the facts measured one by one."""

    value: Fraction | None = None
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    sample_size: int = 0
    unit: str | None = None
    values: list = field(default_factory=list)

    @property
    def is_mean(self) -> bool:
        return self.unit != "ratio" and self.denominator is not None


class Spans:
    """Answers for the spans it was made for, and for any span of a KPI that shows its last day only.

    `series`: the rows of all days, weeks and months.
    """

    def __init__(self, world: World, history: History, spans: Iterable[Span]) -> None:
        self.series = timeseries(world, history)
        self._rows: dict[tuple, dict[str, dict]] = {}
        wanted = tuple(sorted(set(spans)))
        by_span = timeseries(replace(world, spans=wanted), history) if wanted else []
        for row in by_span:
            self._add(row, row["period_start"])
        for row in self.series:
            if row["grain"] == "day" and row["kpi_id"] in LAST_DAY_ONLY:
                self._add(row, row["period_start"])

    def _add(self, row: dict, when) -> None:
        self._rows.setdefault((row["kpi_id"], when, row["dimension"]), {})[row["dimension_value"]] = row

    def _slices(self, kpi_id: str, span: Span, dimension: str) -> dict[str, dict]:
        return self._rows.get((kpi_id, span[1] if kpi_id in LAST_DAY_ONLY else span, dimension), {})

    def reading(self, kpi_id: str, span: Span, dimension: str, named: str) -> Reading:
        row = self._slices(kpi_id, span, dimension).get(named)
        if dimension in SHARES_OF_ALL:
            return self._share_of_all(kpi_id, span, [row] if row else [])
        return _reading(row) if row else Reading()

    def rest(self, kpi_id: str, span: Span, dimension: str, named: str) -> Reading:
        """Everything outside a slice."""
        others = [row for value, row in self._slices(kpi_id, span, dimension).items() if value != named]
        if dimension in SHARES_OF_ALL:
            return self._share_of_all(kpi_id, span, others)
        return _reading(_added(others)) if others else Reading()

    def _share_of_all(self, kpi_id: str, span: Span, rows: list[dict]) -> Reading:
        """Divided by all facts of the span, whether any of them is in the slices or none."""
        whole = self._slices(kpi_id, span, "all").get("all")
        if whole is None:
            return Reading()
        found = Fraction(sum(row["numerator"] for row in rows))
        return Reading(found / whole["denominator"], found, whole["denominator"], whole["sample_size"], "ratio")


def _reading(row: dict) -> Reading:
    if row["kpi_id"] == "esat" and row["sample_size"] < FEWEST_EMPLOYEES:
        return Reading()
    numbers = (row[name] for name in ("value", "numerator", "denominator", "sample_size", "unit", "values"))
    return Reading(*numbers)


def _added(rows: list[dict]) -> dict:
    values = [value for row in rows for value in row["values"]]
    kind = rows[0]["kpi_id"].rsplit("_", 1)[-1]
    found = rows[0] | {"values": values, "sample_size": sum(row["sample_size"] for row in rows)}
    if kind in QUANTILES:
        return found | {"value": quantile(values, QUANTILES[kind])}
    found["numerator"] = sum(row["numerator"] for row in rows)
    if found["denominator"] is None:
        return found | {"value": found["numerator"]}
    found["denominator"] = sum(row["denominator"] for row in rows)
    scale = 100 if found["unit"] == "points" else 1
    return found | {"value": Fraction(found["numerator"]) / found["denominator"] * scale}
