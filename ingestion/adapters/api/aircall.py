"""Aircall: calls by windows of their creation. What stands in a call: ingestion.adapters.aircall."""

from __future__ import annotations

from requests.auth import HTTPBasicAuth

from ingestion.pulls.api import Api, Endpoint
from ingestion.pulls.paging_by_number import Windows

DAY = 86400

CALLS = Api(
    "aircall",
    (
        Endpoint(
            "calls",
            "/v1/calls",
            Windows(
                "from",
                "to",
                "epoch",
                ("per_page", 50),
                ("meta", "total"),
                span=30 * DAY,
                # Nothing says when a call changed: a week of them is read again for late tags.
                overlap=7 * DAY,
                most=10_000,
                params=(("order", "asc"),),
            ),
            "calls",
        ),
    ),
    ("SUPPORT_KPIS_AIRCALL_API_ID", "SUPPORT_KPIS_AIRCALL_API_TOKEN"),
    HTTPBasicAuth,
    60,
    "https://api.aircall.io",
)

APIS = (CALLS,)
