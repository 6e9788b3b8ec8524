"""Freshdesk: tickets in the order of their change, the conversations of each, ratings, agents and groups.

Belongs here: which addresses are asked and how their pages follow. What a record holds: ingestion.adapters.freshdesk.
"""

from __future__ import annotations

from requests.auth import HTTPBasicAuth

from ingestion.pulls.api import Api, Endpoint, Follow
from ingestion.pulls.paging import InTurn
from ingestion.pulls.paging_by_number import ByChange, NumberedList

#: Plans differ, the smallest paid one has 200; others ask as well.
PER_MINUTE = 100
PAGE = ("per_page", 100)
#: A rating that its author changes later is asked for again as long as it is this new.
RATINGS_CHANGE = 42 * 86400


def login(key: str) -> HTTPBasicAuth:
    """The key stands in for the agent's name; the password is any word."""
    return HTTPBasicAuth(key, "X")


def _tickets(filter: str | None = None) -> ByChange:
    """Tickets in the order of their change: those of a filter, else all that are neither spam nor deleted."""
    order = (("order_by", "updated_at"), ("order_type", "asc"), ("include", "stats,requester,description"))
    return ByChange(
        "updated_since", "iso", ("updated_at",), PAGE, params=(*order, *((("filter", filter),) if filter else ()))
    )


API = Api(
    "freshdesk",
    (
        Endpoint(
            "tickets",
            "/api/v2/tickets",
            # What becomes spam or is deleted leaves the list of all: a pull of that alone would show it open for ever.
            InTurn((_tickets(), _tickets("spam"), _tickets("deleted"))),
            "",
            Follow("conversations", "/api/v2/tickets/{id}/conversations", "", size=100),
        ),
        Endpoint(
            "satisfaction_ratings",
            "/api/v2/surveys/satisfaction_ratings",
            # Asked for by when they were created, in an order that nobody states: neither ByChange nor Windows fits.
            NumberedList(PAGE, "created_since", "iso", ("created_at",), RATINGS_CHANGE),
            "",
        ),
        Endpoint("agents", "/api/v2/agents", NumberedList(PAGE), ""),
        Endpoint("groups", "/api/v2/groups", NumberedList(PAGE), ""),
    ),
    ("SUPPORT_KPIS_FRESHDESK_API_KEY",),
    login,
    PER_MINUTE,
)

APIS = (API,)
