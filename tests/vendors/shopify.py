"""Orders as Shopify's order export tells them."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta, timezone

from tests.vendors.cases import Case
from tests.vendors.parity import Row
from tests.vendors.shopify_api import ORDERS_API

HEADER = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Currency,Subtotal,Total,Created at,"
    "Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Lineitem fulfillment status,Cancelled at,"
    "Refunded Amount,Id"
)
NAMES = HEADER.split(",")
_STORE = timezone(timedelta(hours=-5))


def store_time(iso: str) -> str:
    """An instant with the store's offset; blank for blank."""
    if not iso:
        return ""
    return datetime.fromisoformat(iso).astimezone(_STORE).strftime("%Y-%m-%d %H:%M:%S -0500")


def orders_csv(lines: list[dict[str, str]]) -> str:
    """Order lines of the `generic` stream, the lines of an order one after the other, as one export."""
    out = io.StringIO()
    writer = csv.DictWriter(out, NAMES, restval="", lineterminator="\n")
    writer.writeheader()
    told: set[str] = set()
    for line in lines:
        row: Row = {
            "Name": line["order_id"],
            "Email": line["customer_email"],
            "Lineitem quantity": line["quantity"],
            "Lineitem price": line["unit_price"],
            "Lineitem name": f"The {line['product_id']}, boxed",
            "Lineitem sku": line["product_id"],
            "Lineitem fulfillment status": "fulfilled" if line["shipped_at"] else "pending",
        }
        if line["order_id"] not in told:
            told.add(line["order_id"])
            row |= {
                "Financial Status": "paid",
                "Fulfillment Status": "fulfilled" if line["shipped_at"] else "",
                "Fulfilled at": store_time(line["shipped_at"]),
                "Currency": line["currency"],
                "Created at": store_time(line["ordered_at"]),
                "Cancelled at": store_time(line["cancelled_at"]),
                "Id": "55500000001",
            }
        writer.writerow(row)
    return out.getvalue()


def _order(name: str, created: str, *, sku: str = "MUG", price: str = "25.00", cancelled: str = "") -> str:
    return f"{name},kim@example.org,paid,,,,USD,,,{created},1,Mug,{price},{sku},pending,{cancelled},0.00,1\n"


_FIRST, _LATER = "2026-03-02 10:14:00 -0500", "2026-03-02 11:00:00 -0500"
_BARE, _TWICE = ",,,,,,,,,,1,Bag,5.00,,,,,\n", "2026-11-01 01:30:00 -"
CASES = {
    "orders": {
        "happy": Case(
            files={
                "orders_export.csv": f"{HEADER}\n"
                "#2041,kim@example.org,paid,2026-03-02 10:15:00 -0500,,,USD,47.00,56.29,2026-03-02 10:14:00 -0500,"
                "2,Fern Print,16.00,FERN,pending,,16.00,5550000001\n"
                "#2041,kim@example.org,,,,,,,,,1,Tote Bag,15.00,,pending,,,\n"
            },
            counts=(2, 2, 0, 0),
            select="order_id, line_no, ordered_at::varchar, quantity::int, unit_price::varchar, sku, product_name, "
            "length(customer_email_key)",
            rows=[
                ("#2041", 1, "2026-03-02 15:14:00", 2, "16.000000", "FERN", "Fern Print", 64),
                ("#2041", 2, None, 1, "15.000000", None, "Tote Bag", 64),
            ],
        ),
        "empty": Case(files={"a.csv": f"{HEADER}\n", "b.csv": ""}),
        "repeated_border": Case(
            files={"1.csv": f"{HEADER}\n{_order('#1', _FIRST)}{_order('#2', _LATER)}",
                   "2.csv": f"{HEADER}\n{_order('#2', _LATER)}{_order('#3', _LATER)}"},
            counts=(4, 3, 1, 0), select="order_id", rows=[("#1",), ("#2",), ("#3",)],
        ),
        "newer_version": Case(
            files={"1.csv": f"{HEADER}\n{_order('#1', _FIRST)}",
                   "2.csv": f"{HEADER}\n{_order('#1', _FIRST, cancelled=_LATER)}"},
            counts=(2, 2, 0, 0), select="order_id, _load_no > 1, cancelled_at::varchar",
            rows=[("#1", False, None), ("#1", True, "2026-03-02 16:00:00")],
        ),
        "unknown_enum": Case(
            files={"a.csv": f"{HEADER}\n{_order('#1', _FIRST)}".replace("paid", "Owed").replace("pending", "beamed")},
            counts=(1, 1, 0, 0), select="financial_status, line_fulfillment_status", rows=[("owed", "beamed")],
        ),
        "all_null_row": Case(
            files={"a.csv": f"{HEADER}\n{_order('#1', _FIRST)}#1{_BARE}#2{_BARE}"},
            counts=(3, 2, 0, 1), select="order_id, line_no, ordered_at is null",
            rows=[("#1", 1, False), ("#1", 2, True)],
        ),
        "dst_overlap": Case(
            files={"a.csv": f"{HEADER}\n{_order('#1', _TWICE + '0400')}{_order('#2', _TWICE + '0500')}"},
            counts=(2, 2, 0, 0), select="order_id, ordered_at::varchar",
            rows=[("#1", "2026-11-01 05:30:00"), ("#2", "2026-11-01 06:30:00")],
        ),
        "non_ascii": Case(
            files={"a.csv": "\ufeff" + f"{HEADER}\n{_order('#Ä1', _FIRST, sku='TASSE-Ø')}"},
            counts=(1, 1, 0, 0), select="order_id, sku", rows=[("#Ä1", "TASSE-Ø")],
        ),
        "wrong_encoding": Case(
            files={"latin.csv": f"{HEADER}\n{_order('#1', _FIRST, sku='TASSE-Ø')}".encode("latin-1"),
                   "utf16.csv": f"{HEADER}\n{_order('#1', _FIRST)}".encode("utf-16")},
            refused=("latin.csv", "utf16.csv"),
        ),
        "missing_column": Case(
            files={"optional.csv": "Name,Created at,Currency,Lineitem quantity,Lineitem price,Lineitem name\n"
                                   f"#1,{_FIRST},USD,1,5.00,Mug\n",
                   "required.csv": "Name,Currency,Lineitem quantity,Lineitem price,Lineitem name\n#1,USD,1,5.00,Mug\n"},
            counts=(1, 1, 0, 0), select="order_id, sku, cancelled_at", rows=[("#1", None, None)],
            refused=("required.csv",),
        ),
        "extra_column": Case(
            files={"a.csv": "LINEITEM  PRICE,Name,Created at,Currency,Lineitem quantity,Lineitem name,Lineitem mood\n"
                            f"5.00,#1,{_FIRST},USD,1,Mug,good\n"},
            counts=(1, 1, 0, 0), select="order_id, unit_price::varchar", rows=[("#1", "5.000000")],
            new_columns={"Lineitem mood": 1},
        ),
        "footer": Case(
            files={"a.csv": f"{HEADER}\n{_order('#1', _FIRST)}\n1 order exported\n"},
            counts=(2, 1, 0, 1), select="order_id", rows=[("#1",)],
        ),
    },
    "orders_api": ORDERS_API,
}  # fmt: skip
