"""mart_kpi_scorecard (§10 of the catalogue): every target in force, held against its KPI, with trend and guardrail."""

from datetime import date, timedelta
from fractions import Fraction
from operator import ge, gt, le, lt

from tests.reference.contacts import History
from tests.reference.significance import two_proportions_z, welch_z
from tests.reference.spans import Reading, Span, Spans
from tests.reference.world import World

COMPARATORS = {">=": ge, ">": gt, "<=": le, "<": lt}
FEWEST_FACTS = 30
NOISE = 1.96
NOTICEABLE = Fraction(5, 100)
#: Neither more nor less is better: volumes, and the shares of buckets.
NO_DIRECTION = (
    "contact_volume", "contact_volume_outside_hours_rate", "first_response_bucket_rate", "review_count",
    "calls_offered", "staffing_gap",
)  # fmt: skip
LOWER_IS_BETTER = (
    "escalation_rate", "reopen_rate", "backlog", "negative_feedback_rate", "review_burst", "order_defect_rate",
    "cancellation_rate", "abandonment_rate", "abandonment_rate_excl_short", "stage_abandonment_rate",
    "average_speed_of_answer", "complaint_count", "complaint_rate", "manager_escalation_rate",
)  # fmt: skip
#: What must not suffer, by the beginning of the KPI's name, and the slices that those can be looked at in.
GUARDRAILS = {
    "average_handle_time": ("first_contact_resolution_rate", "csat"),
    "resolution_time": ("reopen_rate",),
    "resolution_business_time": ("reopen_rate",),
    "first_response_time": ("qa_score",),
    "first_response_business_time": ("qa_score",),
    "response_within_target_rate": ("qa_score",),
}
SLICES = {
    "first_contact_resolution_rate": ("channel", "channel_group", "issue_type", "team", "agent"),
    "csat": ("channel", "team", "agent", "issue_type", "brand"),
    "occupancy": ("agent", "team"),
    "reopen_rate": ("issue_type", "agent", "team", "channel"),
    "qa_score": ("agent", "team", "checklist_item"),
}


def scorecard(world: World, history: History, spans: Spans) -> list[dict]:
    today = world.local_day(world.as_of)
    return [_row(target, spans, today) for target in _in_force(world)]


def scorecard_spans(world: World) -> list[Span]:
    today = world.local_day(world.as_of)
    return [span for target in _in_force(world) for span in _spans(target, today).values()]


def _in_force(world: World) -> list[dict]:
    today = world.local_day(world.as_of)
    return [
        row
        for row in world.table("targets")
        if (row["effective_from"] or date.min) <= today <= (row["effective_to"] or date.max)
    ]


def higher_is_better(kpi_id: str) -> bool | None:
    if kpi_id in NO_DIRECTION:
        return None
    times = ("_time", "_time_mean", "_time_median", "_time_p90", "_remedy_mean", "_remedy_median", "_7d_mean")
    return kpi_id not in LOWER_IS_BETTER and not kpi_id.endswith(times)


def guardrails(kpi_id: str) -> tuple[str, ...]:
    if kpi_id == "service_level":
        return ("occupancy",)
    return next((found for start, found in GUARDRAILS.items() if kpi_id.startswith(start)), ())


def _spans(target: dict, today: date) -> dict[str, Span]:
    """current, the one before it, and the one before the target came into force, if it is known when."""
    days = timedelta(days=target["window_days"])
    ends = {"current": today, "previous": today - days}
    if target["effective_from"]:
        ends["baseline"] = target["effective_from"] - timedelta(days=1)
    return {name: (end - days + timedelta(days=1), end) for name, end in ends.items()}


def _row(target: dict, spans: Spans, today: date) -> dict:
    own = _spans(target, today)
    kpi_id, scope = target["kpi_id"], (target["dimension"] or "all", target["dimension_value"] or "all")
    lies_there = kpi_id.startswith("messenger_") and scope == ("channel", "facebook_messenger")
    measured = ("all", "all") if lies_there else scope
    found = {name: spans.reading(kpi_id, span, *measured) for name, span in own.items()}
    now, before = found["current"], found["previous"]
    direction = trend(kpi_id, now, before)
    return {
        "target_id": target["target_id"], "kpi_id": kpi_id, "dimension": scope[0], "dimension_value": scope[1],
        "window_start": own["current"][0], "window_end": own["current"][1], "numerator": now.numerator,
        "denominator": now.denominator, "value": now.value, "sample_size": now.sample_size,
        "comparator": target["comparator"], "target": target["target"], "warn_at": target["warn_at"],
        "status": status(target, now.value), "severity": target["severity"], "previous_value": before.value,
        "baseline_value": found["baseline"].value if "baseline" in found else None, "trend": direction,
        "guardrail": _worsened(target, spans, own, scope) if direction == "improving" else None,
        "source": target["source"],
    }  # fmt: skip


def status(target: dict, value: Fraction | None) -> str:
    if value is None:
        return "no_data"
    holds = COMPARATORS[target["comparator"]]
    if not holds(value, Fraction(target["target"])):
        return "missed"
    return "met" if target["warn_at"] is None or holds(value, Fraction(target["warn_at"])) else "at_risk"


def trend(kpi_id: str, now: Reading, before: Reading) -> str | None:
    """Null without a value on both sides; flat within noise or on few facts; null where no direction is better."""
    if now.value is None or before.value is None:
        return None
    if min(now.sample_size, before.sample_size) < FEWEST_FACTS or not is_beyond_noise(now, before):
        return "flat"
    up = higher_is_better(kpi_id)
    if up is None:
        return None
    return "improving" if (now.value > before.value) == up else "worsening"


def is_beyond_noise(now: Reading, before: Reading) -> bool:
    """Two proportions for ratios, Welch for means, 5 % of the former value for counts, money, medians and p90."""
    if now.unit == "ratio":
        z = two_proportions_z(float(now.value), now.sample_size, float(before.value), before.sample_size)
    elif now.is_mean:
        z = welch_z(now.values, before.values)
    else:
        return now.value != before.value and abs(now.value - before.value) >= NOTICEABLE * abs(before.value)
    return abs(z) >= NOISE


def _worsened(target: dict, spans: Spans, own: dict[str, Span], scope: tuple[str, str]) -> str | None:
    """Its guardrails that got worse; one that is not sliced this way is looked at as a whole."""
    found = []
    for kpi_id in guardrails(target["kpi_id"]):
        inside = scope if scope[0] in SLICES[kpi_id] else ("all", "all")
        now, before = (spans.reading(kpi_id, own[name], *inside) for name in ("current", "previous"))
        if trend(kpi_id, now, before) == "worsening":
            found.append(kpi_id)
    return ";".join(found) or None
