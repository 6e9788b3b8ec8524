"""Intercom: which conversations changed, by search, and each of them read by its id: only so it has its parts.

Belongs here: which addresses are asked and how their pages follow. What a record holds: ingestion.adapters.intercom.
A conversation comes with its 500 newest parts; Intercom gives no others.
"""

from __future__ import annotations

from typing import Any

from ingestion.pulls.api import Api, Endpoint, Follow
from ingestion.pulls.paging_by_number import Search
from ingestion.pulls.signatures import Header

#: Below what every app may ask; the workspace's other apps share a limit with this one.
PER_MINUTE = 500
SIZE = 150


def login(token: str) -> Header:
    return Header("Authorization", f"Bearer {token}")


def changed(since: int, after: Any) -> dict[str, Any]:
    """A search for conversations in the order of their change. There is no operator for `at or after`."""
    at = [{"field": "updated_at", "operator": operator, "value": since} for operator in (">", "=")]
    return {
        "query": {"operator": "OR", "value": at},
        "sort": {"field": "updated_at", "order": "ascending"},
        "pagination": {"per_page": SIZE, **({"starting_after": after} if after else {})},
    }


API = Api(
    "intercom",
    (
        Endpoint(
            "conversations",
            "/conversations/search",
            Search(changed, ("updated_at",), ("pages", "next", "starting_after")),
            "conversations",
            Follow("conversations", "/conversations/{id}"),
            lands=False,
        ),
    ),
    ("SUPPORT_KPIS_INTERCOM_ACCESS_TOKEN",),
    login,
    PER_MINUTE,
    url="https://api.intercom.io",
    headers={"Intercom-Version": "2.14"},
)

APIS = (API,)
