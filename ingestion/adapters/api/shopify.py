"""Shopify's orders from the Admin API (REST), in the order of their change, page by page of its `Link` header.

Belongs here: which addresses are asked and how their pages follow. What a record holds: ingestion.adapters.shopify_api.
Without the scope `read_all_orders` Shopify shows the orders of the last 60 days and no others.
"""

from __future__ import annotations

from ingestion.pulls.api import Api, Endpoint
from ingestion.pulls.paging import Link
from ingestion.pulls.signatures import Header

VERSION = "2026-07"
#: Forty at once and two a second: forty within a minute never have to wait.
PER_MINUTE = 40
#: What is read of an order. Names, addresses and what was paid with stay at Shopify.
FIELDS = (
    *("id", "name", "email", "test", "created_at", "updated_at", "cancelled_at", "cancel_reason", "currency"),
    *("fulfillment_status", "fulfillments", "refunds", "line_items"),
)


def login(token: str) -> Header:
    return Header("X-Shopify-Access-Token", token)


API = Api(
    "shopify",
    (
        Endpoint(
            "orders_api",
            f"/admin/api/{VERSION}/orders.json",
            Link(
                "updated_at_min",
                "iso",
                ("updated_at",),
                params=(("status", "any"), ("order", "updated_at asc")),
                always=(("limit", 250), ("fields", ",".join(FIELDS))),
            ),
            "orders",
        ),
    ),
    ("SUPPORT_KPIS_SHOPIFY_ACCESS_TOKEN",),
    login,
    PER_MINUTE,
)

APIS = (API,)
