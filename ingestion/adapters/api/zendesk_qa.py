"""Zendesk QA: reviews by windows of time. What stands in a review: ingestion.adapters.zendesk_qa."""

from __future__ import annotations

from ingestion.pulls.api import Api, Endpoint
from ingestion.pulls.paging_by_number import Windows
from ingestion.pulls.signatures import bearer

DAY = 86400

REVIEWS = Api(
    "zendesk_qa",
    (
        Endpoint(
            "reviews",
            "/qa/api/export/reviews",
            Windows(
                "fromDate",
                "toDate",
                "iso",
                ("pageSize", 100),
                ("pagination", "total"),
                span=30 * DAY,
                # The vendor does not say which date a window is of; a dispute changes a score weeks later.
                overlap=30 * DAY,
            ),
            "conversations",
        ),
    ),
    ("SUPPORT_KPIS_ZENDESK_QA_TOKEN",),
    bearer,
    # Of the vendor's 1,500, which all that comes from one address shares.
    300,
)

APIS = (REVIEWS,)
