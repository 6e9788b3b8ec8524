"""Delighted: survey responses in the order of their change. What stands in a response: ingestion.adapters.delighted."""

from __future__ import annotations

from requests.auth import HTTPBasicAuth

from ingestion.pulls.api import Api, Endpoint
from ingestion.pulls.paging_by_number import ByChange


def login(key: str) -> HTTPBasicAuth:
    """The key is a user without a password."""
    return HTTPBasicAuth(key, "")


RESPONSES = Api(
    "delighted",
    (
        Endpoint(
            "responses",
            "/v1/survey_responses.json",
            ByChange(
                "updated_since",
                "epoch",
                # Null until something of the response changes.
                ("updated_at", "created_at"),
                ("per_page", 100),
                params=(("order", "asc:updated_at"),),
            ),
            "",
        ),
    ),
    ("SUPPORT_KPIS_DELIGHTED_API_KEY",),
    login,
    # The vendor names no limit but answers 429 above one.
    60,
    "https://api.delighted.com",
)

APIS = (RESPONSES,)
