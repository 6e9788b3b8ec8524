"""The closed lists of names that configuration files may use. What a name means stands in the KPI definitions."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from functools import cache
from itertools import groupby
from operator import itemgetter
from zoneinfo import available_timezones

from ingestion import adapters

CHANNELS = (
    "email", "web", "chat", "facebook_messenger", "facebook", "x", "instagram", "whatsapp", "sms", "phone",
    "amazon", "ebay", "shop", "bot", "other",
)  # fmt: skip
CHANNEL_GROUPS = ("email", "web", "phone", "chat", "social", "marketplace", "other")
COMPARATORS = (">=", ">", "<=", "<")
SEVERITIES = ("warn", "error")
DISPLAY_UNITS = ("seconds", "minutes", "hours", "days")

#: Source -> its streams.
STREAMS = {
    source: tuple(name for _, name in streams) for source, streams in groupby(sorted(adapters.STREAMS), itemgetter(0))
}
SOURCES = tuple(STREAMS)


@cache
def time_zones() -> frozenset[str]:
    """IANA zone names. `localtime` and `Factory` are names of the machine, not of a place."""
    return frozenset(available_timezones() - {"localtime", "Factory"})


def suggestion(name: str, known: Collection[str]) -> str:
    """The remedy for an unknown name: all of a few names, else the nearest one, else all of some, else nothing."""
    lower = {one.lower(): one for one in known}
    near = get_close_matches(name.lower(), lower, n=1)
    if near and len(known) > 4:
        return f"; did you mean '{lower[near[0]]}'?"
    return f"; use one of {', '.join(known)}" if 0 < len(known) <= 20 else ""
