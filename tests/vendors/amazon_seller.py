"""Orders, feedback and performance as the reports of Amazon's Selling Partner API tell them."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal

from tests.vendors.cases import Case

ORDER_NAMES = (
    "amazon-order-id", "merchant-order-id", "purchase-date", "last-updated-date", "order-status", "fulfillment-channel",
    "sales-channel", "sku", "asin", "item-status", "quantity", "currency", "item-price", "ship-country",
)  # fmt: skip
ORDER_HEADER = "\t".join(ORDER_NAMES)
FEEDBACK_DE = "Datum\tBewertung\tKommentare\tIhre Antwort\tBestellnummer\tE-Mail des Bewertenden"
FEEDBACK_EN = "Date\tRating\tComments\tYour Response\tOrder ID\tRater Email"
_STATES = {"open": "Unshipped", "shipped": "Shipped", "delivered": "Shipped", "cancelled": "Cancelled"}


def orders_tsv(lines: list[dict[str, str]]) -> str:
    """Versions of order lines of the `generic` stream as one report."""
    rows = []
    for line in lines:
        is_cancelled = line["status"] == "cancelled"
        price = Decimal(line["unit_price"]) * Decimal(line["quantity"])
        cells = {
            "amazon-order-id": line["order_id"],
            "purchase-date": datetime.fromisoformat(line["ordered_at"]).isoformat(),
            "last-updated-date": datetime.fromisoformat(line["updated_at"]).isoformat(),
            "order-status": "Shipped - Delivered to Buyer"
            if line["status"] == "delivered"
            else _STATES[line["status"]],
            "fulfillment-channel": {"seller": "Merchant", "marketplace": "Amazon"}[line["fulfilled_by"]],
            "sales-channel": "Amazon.de",
            "sku": line["product_id"],
            "asin": f"B0{line['product_id']}",
            "item-status": _STATES[line["status"]],
            "quantity": "0" if is_cancelled else line["quantity"],
            "currency": line["currency"],
            "item-price": "" if is_cancelled else str(price),
        }
        rows.append("\t".join(cells.get(name, "") for name in ORDER_NAMES))
    return "\n".join([ORDER_HEADER, *rows, ""])


def feedback_tsv(ratings: list[dict[str, str]]) -> bytes:
    """Ratings of one to three stars of the `generic` stream, the way amazon.de writes them."""
    rows = [
        "\t".join(
            (
                f"{datetime.fromisoformat(row['rated_at']):%d.%m.%y}",
                row["stars"],
                "Gar nicht schön",
                "",
                row["order_id"],
                "",
            )
        )
        for row in ratings
    ]
    return "\n".join([FEEDBACK_DE, *rows, ""]).encode("latin-1")


def _item(order: str, *, updated: str = "2026-03-02T08:00:11+00:00", sku: str = "MUG", status: str = "Shipped") -> str:
    said = (order, "", "2026-03-01T21:14:09+00:00", updated, status, "Amazon", "Amazon.de", sku, "B1", status)
    return "\t".join([*said, "2", "EUR", "42.00", "DE\n"])


_BARE = "7\t\t2026-03-01T21:14:09Z\t2026-03-01T22:00:00Z\tPending\t\t\tMUG\t\t\t1\t\t\t\n"
_LATER, _TWICE = "2026-03-03T08:00:00+00:00", "2026-10-25T02:30:00"
ORDERS = {
    "happy": Case(
        files={"a.txt": f"{ORDER_HEADER}\n{_item('305-1')}{_item('305-1')}{_item('305-1', sku='NAP')}"},
        counts=(3, 3, 0, 0),
        select="order_id, sku, line_no, ordered_at::varchar, last_updated_at::varchar, quantity::int, item_price::text",
        rows=[
            ("305-1", "MUG", 1, "2026-03-01 21:14:09", "2026-03-02 08:00:11", 2, "42.000000"),
            ("305-1", "MUG", 2, "2026-03-01 21:14:09", "2026-03-02 08:00:11", 2, "42.000000"),
            ("305-1", "NAP", 1, "2026-03-01 21:14:09", "2026-03-02 08:00:11", 2, "42.000000"),
        ],
    ),
    "empty": Case(files={"a.txt": f"{ORDER_HEADER}\n", "b.txt": ""}),
    "repeated_border": Case(
        files={"1.txt": f"{ORDER_HEADER}\n{_item('1')}{_item('2')}",
               "2.txt": f"{ORDER_HEADER}\n{_item('2')}{_item('3')}"},
        counts=(4, 3, 1, 0), select="order_id", rows=[("1",), ("2",), ("3",)],
    ),
    "newer_version": Case(
        files={"1.txt": f"{ORDER_HEADER}\n{_item('1', updated=_LATER)}",
               "2.txt": f"{ORDER_HEADER}\n{_item('1', status='Unshipped')}"},
        counts=(2, 2, 0, 0), select="last_updated_at::varchar, item_status",
        rows=[("2026-03-02 08:00:11", "Unshipped"), ("2026-03-03 08:00:00", "Shipped")],
    ),
    "unknown_enum": Case(
        files={"a.txt": f"{ORDER_HEADER}\n{_item('1', status='Beamed').replace('Amazon', 'Drone')}"},
        counts=(1, 1, 0, 0), select="order_status, fulfillment_channel", rows=[("Beamed", "Drone")],
    ),
    "all_null_row": Case(
        files={"a.txt": f"{ORDER_HEADER}\n{_BARE}"}, counts=(1, 1, 0, 0),
        select="order_id, item_status, fulfillment_channel, item_price, currency", rows=[("7", None, None, None, None)],
    ),
    "dst_overlap": Case(
        files={"a.txt": f"{ORDER_HEADER}\n{_item('1', updated=_TWICE + '+02')}{_item('2', updated=_TWICE + '+01')}"},
        counts=(2, 2, 0, 0), select="order_id, last_updated_at::varchar",
        rows=[("1", "2026-10-25 00:30:00"), ("2", "2026-10-25 01:30:00")],
    ),
    "non_ascii": Case(
        files={"utf8.txt": f"{ORDER_HEADER}\n{_item('1', sku='TASSE-Ø')}",
               "latin.txt": f"{ORDER_HEADER}\n{_item('2', sku='TASSE-Ø')}".encode("latin-1")},
        counts=(2, 2, 0, 0), select="order_id, sku", rows=[("1", "TASSE-Ø"), ("2", "TASSE-Ø")],
    ),
    "wrong_encoding": Case(
        files={"utf16.txt": f"{ORDER_HEADER}\n{_item('1')}".encode("utf-16")}, refused=("utf16.txt",)
    ),
    "missing_column": Case(
        files={"optional.txt": "amazon-order-id\tpurchase-date\tlast-updated-date\torder-status\tsku\tquantity\n"
                               "1\t2026-03-01T21:14:09Z\t2026-03-01T22:00:00Z\tPending\tMUG\t1\n",
               "required.txt": "amazon-order-id\tpurchase-date\torder-status\tsku\tquantity\n"
                               "1\t2026-03-01T21:14:09Z\tPending\tMUG\t1\n"},
        counts=(1, 1, 0, 0), select="order_id, asin, item_status", rows=[("1", None, None)], refused=("required.txt",),
    ),
    "extra_column": Case(
        files={"a.txt": f"{ORDER_HEADER}\tmood\n{_item('1')[:-1]}\tgood\n"},
        counts=(1, 1, 0, 0), select="order_id", rows=[("1",)], new_columns={"mood": 1},
    ),
    "footer": Case(
        files={"a.txt": f"{ORDER_HEADER}\n{_item('1')}End of report\n"},
        counts=(2, 1, 0, 1), select="order_id", rows=[("1",)],
    ),
}  # fmt: skip


def _said(date: str, stars: str = "1", order: str = "305-1") -> str:
    return f'{date}\t{stars}\tnot "good\t\t{order}\tkim@example.org\n'


_STARS = "order_id, rated_on::varchar, stars"
FEEDBACK = {
    "happy": Case(
        files={"us.txt": f"{FEEDBACK_EN}\n{_said('3/14/26', '2', '1')}",
               "de.txt": f"{FEEDBACK_DE}\n{_said('14.3.26', '3', '2')}",
               "fr.txt": f"Date\tÉvaluation\tCommentaires\tRéponse\tNuméro\tE-mail\n{_said('14/03/26', '1', '3')}",
               "se.txt": f"Datum\tOmdöme\tKommentarer\tSvar\tOrder\tE-post\n{_said('2026-03-14', '1', '4')}",
               "jp.txt": f"日付\t評価\tコメント\t返答\t注文\tメール\n{_said('26/3/14', '1', '5')}"},
        counts=(5, 5, 0, 0), select=_STARS,
        rows=[(str(n), "2026-03-14", stars) for n, stars in enumerate((2, 3, 1, 1, 1), start=1)],
    ),
    "empty": Case(files={"a.txt": f"{FEEDBACK_EN}\n", "b.txt": ""}),
    "repeated_border": Case(
        files={"1.txt": f"{FEEDBACK_DE}\n{_said('1.3.26', '1', '1')}{_said('2.3.26', '1', '2')}",
               "2.txt": f"{FEEDBACK_DE}\n{_said('2.3.26', '1', '2')}{_said('3.3.26', '1', '3')}"},
        counts=(4, 3, 1, 0), select="order_id", rows=[("1",), ("2",), ("3",)],
    ),
    "newer_version": Case(
        files={"1.txt": f"{FEEDBACK_DE}\n{_said('1.3.26', '1')}", "2.txt": f"{FEEDBACK_DE}\n{_said('1.3.26', '3')}"},
        counts=(2, 2, 0, 0), select="stars, _load_no > 1", rows=[(1, False), (3, True)],
    ),
    "unknown_enum": Case(
        files={"a.txt": f"{FEEDBACK_DE}\n{_said('1.3.26', '0')}{_said('1.3.26', 'gut')}{_said('1.3.26', '3')}"},
        counts=(3, 1, 0, 2), select="stars", rows=[(3,)],
    ),
    "all_null_row": Case(
        files={"a.txt": f"{FEEDBACK_DE}\n1.3.26\t1\t\t\t7\t\n\t\t\t\t\t\n"},
        counts=(2, 1, 0, 1), select=_STARS, rows=[("7", "2026-03-01", 1)],
    ),
    "dst_overlap": Case(impossible="feedback has a date and no time"),
    "non_ascii": Case(
        files={"a.txt": f"{FEEDBACK_DE}\n{_said('1.3.26', '1', 'Ö-1')}".encode("latin-1")},
        counts=(1, 1, 0, 0), select="order_id", rows=[("Ö-1",)],
    ),
    "wrong_encoding": Case(
        files={"utf16.txt": f"{FEEDBACK_DE}\n{_said('1.3.26')}".encode("utf-16")}, refused=("utf16.txt",)
    ),
    "missing_column": Case(
        files={"a.txt": "Datum\tBewertung\tBestellnummer\n1.3.26\t1\t7\n"}, refused=("a.txt",)
    ),
    "extra_column": Case(
        files={"gb.txt": f"{FEEDBACK_EN}\tMood\n{_said('3/4/26')[:-1]}\tbad\n"}, settings={"country": "GB"},
        counts=(1, 1, 0, 0), select=_STARS, rows=[("305-1", "2026-04-03", 1)], new_columns={"Mood": 1},
    ),
    "footer": Case(
        files={"a.txt": f"{FEEDBACK_EN}\n{_said('3/14/26')}End of report\n"}, counts=(2, 1, 0, 1),
        select=_STARS, rows=[("305-1", "2026-03-14", 1)],
    ),
}  # fmt: skip


def report(marketplace: str | None = "A1", defects: int = 1, **more: object) -> dict:
    """One marketplace's part of a performance report."""
    window = {"reportingDateFrom": "2026-01-01T00:00Z", "reportingDateTo": "2026-03-02T00:00Z"}
    return {
        "marketplaceId": marketplace,
        "orderDefectRate": {
            "mfn": {
                "reportingDateRange": window,
                "orderCount": 200,
                "orderWithDefects": {"count": defects},
                "rate": 0.005,
            },
            "afn": None,
        },
        "lateShipmentRate": {"reportingDateRange": window, "orderCount": 50, "lateShipmentCount": 2, "rate": 0.04},
        "prefulfillmentCancelRate": {
            "reportingDateRange": window,
            "orderCount": 20,
            "cancellationCount": 0,
            "rate": 0.0,
        },
        **more,
    }


def page(*reports: dict) -> str:
    return json.dumps({"accountStatuses": [{"marketplaceId": "A1", "status": "NORMAL"}], "performanceMetrics": reports})


_RATES = "marketplace_id, order_defects_seller_to::varchar, order_defects_seller_orders, order_defects_seller_count"
_ROW = ("A1", "2026-03-02 00:00:00", 200, 1)
PERFORMANCE = {
    "happy": Case(
        files={"a.json": page(report())}, counts=(1, 1, 0, 0),
        select=f"{_RATES}, late_shipment_rate::varchar, cancellation_orders, order_defects_marketplace_rate",
        rows=[(*_ROW, "0.040000", 20, None)],
    ),
    "empty": Case(files={"a.json": page(), "b.json": ""}),
    "repeated_border": Case(
        files={"1.json": page(report(), report("A2")), "2.json": page(report("A2"))}, counts=(3, 2, 1, 0),
        select="marketplace_id", rows=[("A1",), ("A2",)],
    ),
    "newer_version": Case(
        files={"1.json": page(report()), "2.json": page(report(defects=3))}, counts=(2, 2, 0, 0),
        select="order_defects_seller_count, _load_no > 1", rows=[(1, False), (3, True)],
    ),
    "unknown_enum": Case(
        files={"a.json": page(report(warningState=[{"warning": "UNHEARD_OF"}]))}, counts=(1, 1, 0, 0),
        select=_RATES, rows=[_ROW],
    ),
    "all_null_row": Case(
        files={"a.json": page(dict.fromkeys(report(None)))}, counts=(1, 1, 0, 0), select=_RATES, rows=[(None,) * 4]
    ),
    "dst_overlap": Case(impossible="windows of a performance report are in UTC"),
    "non_ascii": Case(
        files={"a.json": page(report("Ä1"))}, counts=(1, 1, 0, 0), select="marketplace_id", rows=[("Ä1",)]
    ),
    "wrong_encoding": Case(files={"a.json": page(report()).encode("utf-16")}, refused=("a.json",)),
    "missing_column": Case(
        files={"a.json": page({"marketplaceId": "A1"})}, counts=(1, 1, 0, 0), select=_RATES,
        rows=[("A1", None, None, None)],
    ),
    "extra_column": Case(
        files={"a.json": page(report(joyRate=1))}, counts=(1, 1, 0, 0), select=_RATES, rows=[_ROW],
        new_columns={"joyRate": 1},
    ),
    "footer": Case(
        files={"a.json": page(report()) + "\nEnd of report\n"}, counts=(2, 1, 0, 1), select=_RATES, rows=[_ROW]
    ),
}  # fmt: skip

CASES = {"orders": ORDERS, "feedback": FEEDBACK, "performance": PERFORMANCE}
