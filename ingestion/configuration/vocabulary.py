"""The closed lists of names that configuration files may use. What a name means stands in the KPI definitions."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from functools import cache
from zoneinfo import available_timezones

CHANNELS = (
    "email", "web", "chat", "facebook_messenger", "facebook", "x", "instagram", "whatsapp", "sms", "phone",
    "amazon", "ebay", "shop", "bot", "other",
)  # fmt: skip
CHANNEL_GROUPS = ("email", "web", "phone", "chat", "social", "marketplace", "other")
COMPARATORS = (">=", ">", "<=", "<")
SEVERITIES = ("warn", "error")
DISPLAY_UNITS = ("seconds", "minutes", "hours", "days")

STREAMS = {
    "zendesk": (
        "tickets", "ticket_events", "ticket_metrics", "satisfaction_ratings", "users", "groups", "brands",
        "schedules", "holidays",
    ),
    "zendesk_talk": ("calls", "legs"),
    "freshdesk": ("tickets", "conversations", "satisfaction_ratings", "agents", "groups", "tickets_csv"),
    "intercom": ("conversations",),
    "aircall": ("calls",),
    "amazon_connect": ("contact_records", "agent_events"),
    "asterisk": ("queue_log", "cdr"),
    "shopify": ("orders", "orders_api"),
    "amazon_seller": ("orders", "feedback", "performance"),
    "qualtrics": ("responses",),
    "delighted": ("responses",),
    "zendesk_qa": ("reviews",),
    "generic": (
        "tickets", "ticket_status_changes", "messages", "calls", "survey_responses", "schedule_intervals",
        "status_intervals", "evaluations", "employee_survey_responses", "ratings", "order_lines", "order_defects",
        "remedies",
    ),
}  # fmt: skip
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
