"""A simulated month of a shop in words that Shopify has, and as its Admin API tells it."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from tests.vendors.parity import Month, Row
from tests.vendors.shopify import store_time

#: No export of Shopify says these.
CANNOT = ("product_category", "sector", "customer_id_key", "fulfilled_by", "ship_by", "delivered_at")
REASONS = {"buyer": "customer", "seller": "inventory", "system": "declined", "": None}
PAGE = 15


def told(month: Month) -> list[Row]:
    """The newest rows of order lines, as far as Shopify can tell them, those of an order one after the other."""
    lines = [line for line in month.streams["order_lines"] if line["marketplace"] == "shop"]
    # Shopify knows no state after fulfilled, and cancels and ships whole orders: only such are told.
    latest = {(line["order_id"], line["line_id"]): line for line in lines}
    states = Counter((line["order_id"], line["shipped_at"], line["cancelled_at"]) for line in latest.values())
    orders = Counter(order for order, _, _ in states)
    whole = [line for (order, _), line in latest.items() if orders[order] == 1]
    # An order has one address: the one its first row says holds for all.
    emails = {line["order_id"]: line["customer_email"] for line in whole if line["customer_email"]}
    numbers, found = Counter(), []
    for line in sorted(whole, key=lambda line: line["order_id"]):
        numbers[line["order_id"]] += 1
        status = "cancelled" if line["cancelled_at"] else "shipped" if line["shipped_at"] else "open"
        own = {"line_id": str(numbers[line["order_id"]]), "customer_email": emails.get(line["order_id"], "")}
        found.append(line | own | {"status": status, "updated_at": ""}
                     | dict.fromkeys(("delivered_at", "product_category", "sector", "customer_id", "fulfilled_by",
                                      "ship_by"), ""))  # fmt: skip
    return found


def numbered(lines: list[Row]) -> list[Row]:
    """The same lines under ids of their own, as the API has them."""
    return [line | {"line_id": str(700_000 + n)} for n, line in enumerate(lines)]


def refunds(lines: list[Row]) -> list[Row]:
    """A refund for every fifth order, a day after it, as rows of the generic `remedies`."""
    orders = [next(own) for _, own in groupby(lines, key=lambda line: line["order_id"])]
    return [
        {"remedy_id": str(60_000 + n), "remedy_type": "refund", "delivered_at": _later(first["ordered_at"], days=1),
         "ticket_id": "", "order_id": first["order_id"]}
        for n, first in enumerate(orders[::5])
    ]  # fmt: skip


def api(lines: list[Row], paid: list[Row]) -> dict[str, str]:
    """Pages of the API with orders as they stand, and of every third as it was when it was made, read last."""
    records = [_order(list(own), paid) for _, own in groupby(lines, key=lambda line: line["order_id"])]
    early = [_as_made(record) for record in records[::3]]
    pages = [(records + early)[start : start + PAGE] for start in range(0, len(records + early), PAGE)]
    return {f"shopify/orders_api/{n:03d}.json": json.dumps({"orders": page}) for n, page in enumerate(pages)}


def _order(lines: list[Row], paid: list[Row]) -> dict[str, Any]:
    first = lines[0]
    refunded = [row for row in paid if row["order_id"] == first["order_id"]]
    instants = [first["ordered_at"], first["shipped_at"], first["cancelled_at"], *(r["delivered_at"] for r in refunded)]
    items = [
        {"id": int(line["line_id"]), "name": f"The {line['product_id']}, boxed", "sku": line["product_id"],
         "quantity": int(line["quantity"]), "price": line["unit_price"],
         "fulfillment_status": "fulfilled" if line["shipped_at"] else None}
        for line in lines
    ]  # fmt: skip
    parcel = {"id": 1, "status": "success", "created_at": _local(first["shipped_at"]), "line_items": items}
    failed = parcel | {"id": 2, "status": "cancelled", "created_at": _local(_later(max(instants), days=1))}
    return {
        "id": 5_000_000 + items[0]["id"], "name": first["order_id"], "email": first["customer_email"] or None,
        "created_at": _local(first["ordered_at"]), "updated_at": _local(max(instants)), "test": False,
        "cancelled_at": _local(first["cancelled_at"]), "cancel_reason": REASONS[first["cancelled_by"]],
        "currency": first["currency"], "fulfillment_status": "fulfilled" if first["shipped_at"] else None,
        "line_items": items, "fulfillments": [parcel, failed] if first["shipped_at"] else [],
        "refunds": [
            {"id": int(row["remedy_id"]), "created_at": _local(row["delivered_at"]),
             "transactions": [{"kind": "refund", "status": "success"}]} for row in refunded
        ] + [{"id": 1, "created_at": _local(first["ordered_at"]), "transactions": []}],
    }  # fmt: skip


def _as_made(record: dict[str, Any]) -> dict[str, Any]:
    items = [item | {"fulfillment_status": None} for item in record["line_items"]]
    nothing = dict.fromkeys(("cancelled_at", "cancel_reason", "fulfillment_status"))
    made = _local(_later(record["created_at"], seconds=-1))
    return record | nothing | {"updated_at": made, "line_items": items, "fulfillments": [], "refunds": []}


def _local(instant: str) -> str | None:
    """An instant with the store's offset, as the API writes it."""
    text = store_time(instant)
    return f"{text[:10]}T{text[11:19]}-05:00" if text else None


def _later(instant: str, **by: int) -> str:
    return f"{(datetime.fromisoformat(instant) + timedelta(**by)).isoformat()}"
