"""Targets and interventions of a generated world: in force and not, with and without history, met by some values."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from tests.worlds.configuring import BRANDS, QUEUES, TEAMS
from tests.worlds.selling import PRODUCTS
from tests.worlds.ticketing import AGENTS

#: KPI, slice and targets worth having; a slice may be one that never comes up.
AIMS = [
    ("average_handle_time", None, None, [60, 100, 5000]), ("average_handle_time", "queue", QUEUES[0], [100]),
    ("average_handle_time", "team", TEAMS[0], [100]), ("average_handle_time", "agent", AGENTS[0], [100]),
    ("service_level", None, None, ["0.8", "0.5", "0"]), ("service_level", "team", TEAMS[1], ["0.5"]),
    ("answered_within_3min_rate", None, None, ["0.5", 1]), ("abandonment_rate_excl_short", None, None, ["0.5"]),
    ("calls_offered", None, None, [30]), ("contact_volume", None, None, [30]), ("contact_volume", "weekday", "1", [3]),
    ("contact_volume", "channel", "phone", [30]), ("first_contact_resolution_rate", None, None, ["0.5"]),
    ("csat", None, None, ["0.5", "0.75"]), ("csat", "brand", BRANDS[0], ["0.5"]), ("nps", None, None, [0, 20]),
    ("nps", "team", TEAMS[0], [0]), ("survey_yes_rate", "question", "q1", ["0.5"]),
    ("messenger_response_rate_7d", "channel", "facebook_messenger", ["0.9"]), ("esat", "team", TEAMS[0], ["0.5"]),
    ("esat", None, None, ["0.5"]), ("qa_score", None, None, ["0.5"]), ("qa_coverage", None, None, ["0.5"]),
    ("complaint_count", None, None, [1]), ("complaint_rate", None, None, ["0.2"]),
    ("escalation_rate", "escalation_reason", "management", ["0.2"]),
    ("resolution_time_median", None, None, [3600, 90000]), ("resolution_time_mean", "channel", "email", [3600]),
    ("resolution_time_p90", None, None, [90000]), ("reopen_rate", None, None, ["0.1"]),
    ("resolution_rate", None, None, ["0.5"]), ("first_response_time_median", None, None, [3600]),
    ("first_response_time_mean", "team", TEAMS[0], [3600]), ("first_response_business_time_p90", None, None, [3600]),
    ("first_response_bucket_rate", "bucket", "0-1h", ["0.5"]),
    ("first_response_bucket_rate", "channel_bucket", "email:0-1h", ["0.5"]),
    ("response_within_target_rate", None, None, ["0.5"]), ("response_within_target_rate", "channel", "email", ["0.5"]),
    ("messenger_response_rate_7d", None, None, ["0.9", "0.5"]), ("messenger_response_time_7d_mean", None, None, [300]),
    ("time_to_remedy_median", None, None, [90000]), ("time_to_remedy_mean", "remedy_type", "refund", [90000]),
    ("order_defect_rate", None, None, ["0.01"]), ("order_defect_rate", "marketplace", "amazon", ["0.01"]),
    ("on_time_shipment_rate", None, None, ["0.5"]), ("cancellation_rate", "marketplace", "amazon", ["0.01"]),
    ("repeat_revenue", None, None, [10]), ("repeat_revenue", "currency", "EUR", [10]),
    ("repeat_revenue", "marketplace", "shop", [10]), ("repeat_revenue_share", "sector", "toys", ["0.5"]),
    ("repeat_revenue_share", None, None, ["0.5"]), ("repeat_order_count", None, None, [1]),
    ("repeat_purchase_rate", None, None, ["0.5"]), ("review_count", "product", next(iter(PRODUCTS)), [3]),
    ("review_burst", None, None, [0]), ("negative_feedback_rate", None, None, ["0.5"]), ("backlog", None, None, [2]),
    ("occupancy", None, None, ["0.5"]), ("occupancy", "agent", AGENTS[0], ["0.5"]),
    ("schedule_adherence", "team", TEAMS[0], ["0.5"]), ("resource_use_rate", None, None, ["0.3"]),
    ("contacts_handled_per_agent_day", None, None, [2]), ("contacts_handled_per_agent_day", "agent", AGENTS[0], [2]),
    ("stage_abandonment_rate", "stage", "queue", ["0.1"]), ("average_speed_of_answer", None, None, [20]),
]  # fmt: skip
#: Those with a guardrail that may be seen to suffer.
GUARDED = [
    aim for aim in AIMS
    if aim[1] is None and aim[0].startswith(("average_handle", "service_level", "resolution_time"))
]  # fmt: skip
COMPARATORS = [">=", ">", "<=", "<"]


def targets(pick: Random, today: date, count: int, days: int) -> list[dict]:
    """`days`: a window worth having. Two rows of one target are never in force on one day."""
    rows = []
    for number in range(count):
        kpi_id, dimension, named, limits = pick.choice(pick.choice([AIMS, GUARDED]))
        limit = Decimal(pick.choice(limits))
        base = {
            "target_id": f"target_{number}", "kpi_id": kpi_id, "dimension": dimension, "dimension_value": named,
            "window_days": pick.choice([1, 4, 7, 28, days, days, days]),
            "comparator": pick.choice(COMPARATORS), "target": limit,
            "warn_at": pick.choice([None, limit, limit + Decimal("0.05"), limit - Decimal("0.1")]),
            "severity": pick.choice(["warn", "error"]), "effective_from": None, "effective_to": None,
            "source": "house default",
        }  # fmt: skip
        change = today - timedelta(days=pick.choice([0, 1, 3, 7, 20, -1]))
        following = base | {"effective_from": change, "target": limit * 2}
        rows += pick.choice([[base], [base | {"effective_to": change - timedelta(days=1)}, following], [following]])
    return [{"row_no": number, **row} for number, row in enumerate(rows, start=1)]


#: A bucket is no part of an organisation: there is no rest of it beside one.
CHANGEABLE = [aim for aim in AIMS if aim[1] not in ("bucket", "channel_bucket")]


def interventions(pick: Random, today: date, count: int) -> list[dict]:
    """Most of them just complete, or just not."""
    rows = []
    for number in range(count):
        kpi_id, dimension, named, _ = pick.choice(CHANGEABLE)
        rows.append({
            "row_no": number + 1, "intervention_id": f"change_{number}", "kpi_id": kpi_id, "dimension": dimension,
            "dimension_value": named, "happened_on": today - timedelta(days=pick.choice([27, 28, 29, 31, 34, 40])),
            "description": pick.choice([None, "a new script"]),
        })  # fmt: skip
    return rows
