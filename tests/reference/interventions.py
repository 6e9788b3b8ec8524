"""mart_intervention_impact (§10 of the catalogue): a KPI in the 28 days before and from the day on, beside the rest."""

from datetime import date, timedelta

from tests.reference.contacts import History
from tests.reference.significance import newcombe, welch
from tests.reference.spans import Reading, Span, Spans
from tests.reference.world import World

DAYS = 28


def intervention_impact(world: World, history: History, spans: Spans) -> list[dict]:
    return [_row(row, spans) for row in _complete(world)]


def intervention_spans(world: World) -> list[Span]:
    days = [row["happened_on"] for row in _complete(world)]
    return [span for day in days for span in (_before(day), _after(day))]


def _complete(world: World) -> list[dict]:
    """No row until the 28 days after are over."""
    today = world.local_day(world.as_of)
    return [row for row in world.table("interventions") if _after(row["happened_on"])[1] < today]


def _before(day: date) -> Span:
    return day - timedelta(days=DAYS), day - timedelta(days=1)


def _after(day: date) -> Span:
    return day, day + timedelta(days=DAYS - 1)


def _row(intervention: dict, spans: Spans) -> dict:
    kpi_id, day = intervention["kpi_id"], intervention["happened_on"]
    scope = (intervention["dimension"] or "all", intervention["dimension_value"] or "all")
    before, after = (spans.reading(kpi_id, span, *scope) for span in (_before(day), _after(day)))
    rest_before, rest_after = (spans.rest(kpi_id, span, *scope) for span in (_before(day), _after(day)))
    low, high = _interval(after, before)
    own, others = _difference(after, before), _difference(rest_after, rest_before)
    return {
        "intervention_id": intervention["intervention_id"], "kpi_id": kpi_id, "dimension": scope[0],
        "dimension_value": scope[1], "happened_on": day, "description": intervention["description"],
        "value_before": before.value, "sample_size_before": before.sample_size, "value_after": after.value,
        "sample_size_after": after.sample_size, "difference": own, "difference_low": low, "difference_high": high,
        "rest_value_before": rest_before.value, "rest_value_after": rest_after.value, "rest_difference": others,
        "difference_beyond_rest": None if own is None or others is None else own - others,
    }  # fmt: skip


def _difference(after: Reading, before: Reading):
    return None if after.value is None or before.value is None else after.value - before.value


def _interval(after: Reading, before: Reading) -> tuple[float | None, float | None]:
    """95 %: Newcombe for ratios, Welch for means of two facts or more, none for the rest."""
    if after.value is None or before.value is None:
        return None, None
    if after.unit == "ratio":
        return newcombe(float(after.value), after.sample_size, float(before.value), before.sample_size)
    if not after.is_mean or min(len(after.values), len(before.values)) < 2:
        return None, None
    scale = 100 if after.unit == "points" else 1
    low, high = welch(after.values, before.values)
    return low * scale, high * scale
