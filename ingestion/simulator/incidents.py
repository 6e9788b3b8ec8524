"""The planted, named incidents of the sample: what happens, when, and which targets it moves.

Belongs here: declarations only. A new kind is read in `arrivals.py`, `staff.py` or `tickets.py`.
Targets judge windows of seven days that end with `end` (itself empty), so each incident is placed relative to `end`
in a way that leaves enough of it inside the six days before, whatever weekday `end` is.
"""

from dataclasses import dataclass
from enum import Enum

_DAY, _HOUR = 86400, 3600
_FRIDAY = 4


class Kind(Enum):
    """What an incident does to the model; `scope` and `amount` are read accordingly."""

    STAFF_OUT = "only the share `amount` of the agents of the teams in `scope` can work"
    SURGE = "arrivals of the phone sites or channels in `scope` are multiplied by `amount`"
    UNANSWERED = (
        "messages of the channels in `scope` wait until the end of the incident (return requests are still answered)"
    )
    SLOW_REPLIES = "answers in the channels of `scope` take `amount` times as long, but none is forgotten"
    SILENT = "no customer writes in the channels of `scope`"
    FLOOD = "extra contacts, `amount` times the daily volume, all about one issue type and product (`scope`)"


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


def _last_friday(weekday_of_end: int, hour: int, at_least_hours_old: int) -> int:
    """The latest Friday at `hour` that lies at least so many hours before the end."""
    second = -((weekday_of_end - _FRIDAY) % 7) * _DAY + hour * _HOUR
    while second > -at_least_hours_old * _HOUR:
        second -= 7 * _DAY
    return second


def sample_incidents(weekday_of_end: int) -> tuple[Incident, ...]:
    """The incidents of the sample for a history that ends at midnight at the start of that weekday (0 = Monday)."""
    outage = _last_friday(weekday_of_end, 14, 10)
    amazon = _last_friday(weekday_of_end, 18, 30)
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
            2.2,
            outage,
            outage + 28 * _HOUR,
        ),
        Incident(
            "unanswered_amazon_weekend",
            "Nobody answers Amazon from Friday 18:00 to Monday 10:00; only return requests are handled.",
            ("amazon_reply_24h",),
            Kind.UNANSWERED,
            ("amazon",),
            0.0,
            amazon,
            amazon + 64 * _HOUR,
        ),
        Incident(
            "kettle_flood",
            "A bad batch of kettles: for three days complaints about product_defect of kettle-k2 pour in.",
            ("complaints",),
            Kind.FLOOD,
            ("product_defect", "kettle-k2"),
            0.20,
            -4 * _DAY,
            -1 * _DAY,
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
            "The eBay shop is in vacation mode for the last ten days: nobody writes there.",
            ("ebay_reply_24h",),
            Kind.SILENT,
            ("ebay",),
            0.0,
            -10 * _DAY,
            0,
        ),
    )
