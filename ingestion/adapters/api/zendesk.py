"""Zendesk Support and Talk: incremental exports, their people and settings. Ten requests a minute.

Belongs here: which addresses are asked and how their pages follow. What stands in a record: ingestion.adapters.zendesk.
"""

from __future__ import annotations

from requests.auth import HTTPBasicAuth

from ingestion.pulls.api import Api, Endpoint, Follow
from ingestion.pulls.paging import Cursor, CursorList, EndTime

#: The incremental exports count together; lists of settings have limits far above this one.
PER_MINUTE = 10
CREDENTIALS = ("SUPPORT_KPIS_ZENDESK_EMAIL", "SUPPORT_KPIS_ZENDESK_API_TOKEN")
CHANGED = ("generated_timestamp", "updated_at")


def login(email: str, token: str) -> HTTPBasicAuth:
    """An API token stands in for the agent's password."""
    return HTTPBasicAuth(f"{email}/token", token)


def _list(stream: str, path: str, follow: Follow | None = None) -> Endpoint:
    return Endpoint(stream, path, CursorList(), stream, follow, is_snapshot=True)


SUPPORT = Api(
    "zendesk",
    (
        Endpoint(
            "tickets",
            "/api/v2/incremental/tickets/cursor.json",
            Cursor(CHANGED, params=(("include", "metric_sets"), ("per_page", 1000))),
            "tickets",
        ),
        Endpoint(
            "ticket_events",
            "/api/v2/incremental/ticket_events.json",
            EndTime(1000, params=(("include", "comment_events"),)),
            "ticket_events",
        ),
        Endpoint("users", "/api/v2/incremental/users/cursor.json", Cursor(CHANGED, (("per_page", 1000),)), "users"),
        Endpoint(
            "satisfaction_ratings",
            "/api/v2/satisfaction_ratings.json",
            # Asked for by when they were offered: four weeks of them may still be answered.
            CursorList(100, "start_time", CHANGED, 28 * 86400),
            "satisfaction_ratings",
        ),
        _list("groups", "/api/v2/groups.json"),
        _list("brands", "/api/v2/brands.json"),
        _list(
            "schedules",
            "/api/v2/business_hours/schedules.json",
            # The holidays of a schedule do not say whose they are.
            Follow("holidays", "/api/v2/business_hours/schedules/{id}/holidays.json", "holidays", adds="schedule_id"),
        ),
    ),
    CREDENTIALS,
    login,
    PER_MINUTE,
)

TALK = Api(
    "zendesk_talk",
    (
        Endpoint("calls", "/api/v2/channels/voice/stats/incremental/calls.json", EndTime(1000), "calls"),
        Endpoint("legs", "/api/v2/channels/voice/stats/incremental/legs.json", EndTime(1000), "legs"),
    ),
    CREDENTIALS,
    login,
    PER_MINUTE,
)

APIS = (SUPPORT, TALK)
