"""Shopify's Admin API: its ugly exports, one of each kind."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from tests.vendors.cases import Case

Record = dict[str, Any]


def _page(*orders: Record) -> str:
    return json.dumps({"orders": list(orders)}, ensure_ascii=False)


ITEM = {
    "id": 71,
    "name": "Fern Print",
    "sku": "FERN",
    "quantity": 2,
    "price": "16.00",
    "fulfillment_status": "fulfilled",
}
OTHER = {"id": 72, "name": "Tote Bag", "sku": None, "quantity": 1, "price": "15.00", "fulfillment_status": None}
ORDER = {
    "id": 5550000001, "admin_graphql_api_id": "gid://shopify/Order/5550000001", "name": "#2041", "order_number": 2041,
    "email": "Kim@example.org", "contact_email": "kim@example.org", "phone": "+15550001111", "test": False,
    "created_at": "2026-03-02T10:14:00-05:00", "updated_at": "2026-03-04T09:00:00-05:00", "cancelled_at": None,
    "cancel_reason": None, "currency": "USD", "financial_status": "partially_refunded", "fulfillment_status": "partial",
    "line_items": [ITEM, OTHER], "total_price": "56.29", "customer": {"id": 9, "email": "kim@example.org"},
    "fulfillments": [
        {"id": 1, "status": "success", "created_at": "2026-03-03T09:00:00-05:00", "line_items": [ITEM]},
        {"id": 2, "status": "cancelled", "created_at": "2026-03-03T11:00:00-05:00", "line_items": [ITEM, OTHER]},
    ],
    "refunds": [
        {"id": 8, "created_at": "2026-03-04T05:00:00-05:00", "transactions": [{"kind": "refund", "status": "success"}]},
        {"id": 9, "created_at": "2026-03-04T06:00:00-05:00", "transactions": []},
    ],
}  # fmt: skip
ONE = ORDER | {"line_items": [ITEM]}
_BARE = {"name": "#1", "created_at": "2026-03-02T10:14:00-05:00", "updated_at": "2026-03-02T10:14:00-05:00"}
_UNDATED = {name: value for name, value in ONE.items() if name != "updated_at"}
_LEAST = _BARE | {"line_items": [{"id": 71, "name": "Mug", "quantity": 1, "price": "5.00"}]}
_NO_ITEM = {"line_items": [dict.fromkeys(ITEM)]}
_PAID = '[{"id":"8","created_at":1772618400}]'
_MADE, _SENT = datetime(2026, 3, 2, 15, 14), datetime(2026, 3, 3, 14)

ORDERS_API = {
    "happy": Case(
        {"1.json": _page(ORDER)}, (2, 2, 0, 0),
        "order_id, line_id, ordered_at, quantity::int, unit_price::varchar, sku, product_name, shipped_at, refunds, "
        "length(customer_email_key)",
        [("#2041", "71", _MADE, 2, "16.000000", "FERN", "Fern Print", _SENT, _PAID, 64),
         ("#2041", "72", _MADE, 1, "15.000000", None, "Tote Bag", None, _PAID, 64)],
    ),
    "empty": Case({"1.json": _page()}),
    "repeated_border": Case(
        {"1.json": _page(ONE), "2.json": _page(ONE, ONE | {"name": "#2042"})},
        (3, 2, 1, 0), "order_id", [("#2041",), ("#2042",)],
    ),
    "newer_version": Case(
        {"1.json": _page(ONE | {"updated_at": "2026-03-05T09:00:00-05:00", "cancel_reason": "CUSTOMER",
                                "cancelled_at": "2026-03-05T09:00:00-05:00"}),
         "2.json": _page(ONE)},
        (2, 2, 0, 0), "updated_at, cancelled_at, cancel_reason",
        [(datetime(2026, 3, 4, 14), None, None), (datetime(2026, 3, 5, 14), datetime(2026, 3, 5, 14), "customer")],
    ),
    "unknown_enum": Case(
        {"1.json": _page(ONE | {"cancel_reason": "weather", "line_items": [ITEM | {"fulfillment_status": "beamed"}]})},
        (1, 1, 0, 0), "cancel_reason, line_fulfillment_status", [("weather", "beamed")],
    ),
    "all_null_row": Case(
        {"1.json": _page(ONE | _NO_ITEM, dict.fromkeys(ORDER) | _LEAST)},
        (2, 1, 0, 1), "order_id, line_id, sku, currency, shipped_at, refunds, customer_email_key",
        [("#1", "71", None, None, None, None, None)],
    ),
    "dst_overlap": Case(
        {"1.json": _page(*(ONE | {"created_at": f"2026-11-01T01:30:00-0{hours}:00"} for hours in (4, 5)))},
        (2, 2, 0, 0), "ordered_at", [(datetime(2026, 11, 1, 5, 30),), (datetime(2026, 11, 1, 6, 30),)],
    ),
    "non_ascii": Case(
        {"1.json": _page(ONE | {"name": "#Ä1", "line_items": [ITEM | {"sku": "TASSE-Ø"}]})},
        (1, 1, 0, 0), "order_id, sku", [("#Ä1", "TASSE-Ø")],
    ),
    "wrong_encoding": Case({"1.json": _page(ONE | {"name": "#Ä1"}).encode("latin-1")}, refused=("1.json",)),
    "missing_column": Case(
        {"1.json": _page(_LEAST),
         "2.json": _page(*(_UNDATED | {"name": f"#{n}"} for n in (7, 8, 9)))},
        (1, 1, 0, 0), "order_id, sku, is_test", [("#1", None, None)], refused=("2.json",),
    ),
    "extra_column": Case({"1.json": _page(ONE | {"mood": "sunny"})}, (1, 1, 0, 0), "order_id", [("#2041",)],
                         new_columns={"mood": 1}),
    "footer": Case(impossible="a page is one JSON object; nothing but keys of its own stands after its records"),
}  # fmt: skip
