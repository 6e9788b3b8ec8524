"""The planted, named incidents of the sample: what happens, when, and which targets it moves.

Belongs here: declarations only. What a kind does stands in the module of what it moves.
Targets judge windows of 7 to 60 days that end with `end` (itself empty), so each incident is placed relative to `end`
in a way that leaves enough of it inside its target's window, whatever weekday `end` is.
"""

from dataclasses import dataclass
from enum import Enum

_DAY, _HOUR = 86400, 3600
_TUESDAY, _FRIDAY = 1, 4


class Kind(Enum):
    """What an incident does to the model; `scope` and `amount` are read accordingly."""

    STAFF_OUT = "only the share `amount` of the agents of the teams in `scope` can work"
    SURGE = "arrivals of the phone sites or channels in `scope` are multiplied by `amount`"
    UNANSWERED = (
        "messages of the channels in `scope` wait until the end of the incident (return requests are still answered)"
    )
    SLOW_REPLIES = "answers in the channels of `scope` take `amount` times as long, but none is forgotten"
    SILENT = "no customer writes in the channels of `scope` or orders there"
    FLOOD = "extra contacts, `amount` times the daily volume, all about one issue type and product (`scope`)"
    HURRY = "calls of the phone sites in `scope` take the share `amount` of their time, and fewer are settled"
    LATE_SHIPMENTS = "orders of the marketplaces in `scope`, shipped by the seller, leave `amount` days later"
    BAD_BATCH = (
        "the share `amount` of the orders of the product in `scope` gets 1 or 2 stars once the batch is recalled"
    )
    WORKSHOP = "satisfied customers of the teams in `scope` use only the best share `amount` of their usual marks"


@dataclass(frozen=True)
class Incident:
    """One incident; `start` and `end` are seconds before the end of the history (negative)."""

    name: str
    story: str
    moves: tuple[str, ...]
    kind: Kind
    scope: tuple[str, ...]
    amount: float
    start: int
    end: int


def active(incidents: tuple[Incident, ...], kind: Kind, at: int, key: str) -> Incident | None:
    """The incident of that kind that `key` is in the scope of at that second, if any."""
    for incident in incidents:
        if incident.kind is kind and key in incident.scope and incident.start <= at < incident.end:
            return incident
    return None


def _last(weekday: int, weekday_of_end: int, hour: int, at_least_hours_old: int) -> int:
    """The latest such weekday at `hour` that lies at least so many hours before the end."""
    second = -((weekday_of_end - weekday) % 7) * _DAY + hour * _HOUR
    while second > -at_least_hours_old * _HOUR:
        second -= 7 * _DAY
    return second


def sample_incidents(weekday_of_end: int) -> tuple[Incident, ...]:
    """The incidents of the sample for a history that ends at midnight at the start of that weekday (0 = Monday)."""
    outage = _last(_FRIDAY, weekday_of_end, 14, 10)
    amazon = _last(_FRIDAY, weekday_of_end, 18, 30)
    phones = ("de", "en", "hotline")
    return (
        Incident(
            "friday_outage",
            "From Friday 14:00 to Saturday 18:00 the telephony provider is down: next to nobody can be "
            "reached, callers hang up and dial again.",
            ("service_level_80_20", "abandonment", "phone_answer_3min"),
            Kind.STAFF_OUT,
            phones,
            0.0,
            outage,
            outage + 28 * _HOUR,
        ),
        Incident(
            "friday_outage_calls",
            "Worried customers call more often while the outage lasts.",
            ("service_level_80_20", "abandonment"),
            Kind.SURGE,
            phones,
            2.8,
            outage,
            outage + 28 * _HOUR,
        ),
        Incident(
            "unanswered_amazon_weekend",
            "Nobody answers Amazon from Friday 18:00 to Monday 18:00; only return requests are handled.",
            ("amazon_reply_24h",),
            Kind.UNANSWERED,
            ("amazon",),
            0.0,
            amazon,
            amazon + 72 * _HOUR,
        ),
        Incident(
            "kettle_flood",
            "The recall of the kettle-k2: for three days complaints about product_defect pour in.",
            ("complaints",),
            Kind.FLOOD,
            ("product_defect", "kettle-k2"),
            0.55,
            -4 * _DAY,
            -1 * _DAY,
        ),
        Incident(
            "defective_batch",
            "A bad batch of kettle-k2 is sold for two weeks; once recalled, buyers leave 1 and 2 stars and claims.",
            ("order_defect_rate",),
            Kind.BAD_BATCH,
            ("kettle-k2",),
            0.5,
            -18 * _DAY,
            -4 * _DAY,
        ),
        Incident(
            "warehouse_backlog",
            "For four days the warehouse is behind: what the seller ships leaves three days late.",
            ("prime_on_time_shipment",),
            Kind.LATE_SHIPMENTS,
            ("amazon", "ebay", "shop"),
            3.0,
            -14 * _DAY,
            -10 * _DAY,
        ),
        Incident(
            "hurried_hotline",
            "A bonus for short calls: handle time falls, but fewer matters are settled and more people call again.",
            ("aht", "fcr", "csat", "esat"),
            Kind.HURRY,
            phones,
            0.55,
            -27 * _DAY,
            0,
        ),
        Incident(
            "messenger_trainees",
            "Trainees run Messenger in the last week: every message is answered, but slowly.",
            ("facebook_badge_rate", "facebook_badge_time"),
            Kind.SLOW_REPLIES,
            ("facebook_messenger",),
            1.9,
            -7 * _DAY,
            0,
        ),
        Incident(
            "ebay_vacation",
            "The eBay shop is in vacation mode for the last ten days: nobody orders or writes there.",
            ("ebay_reply_24h",),
            Kind.SILENT,
            ("ebay",),
            0.0,
            -10 * _DAY,
            0,
        ),
        Incident(
            "tone_workshop",
            "A workshop on the tone of letters for Customer Care: from then on satisfied customers are delighted.",
            ("nps",),
            Kind.WORKSHOP,
            ("care",),
            0.3,
            # The 28 days after it are over on the day before the end, in the zones west of Greenwich too.
            _last(_TUESDAY, weekday_of_end, 0, 29 * 24),
            0,
        ),
    )
