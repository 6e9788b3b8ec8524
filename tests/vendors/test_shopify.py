"""A month of a shop, as Shopify exports it, against the same month as `generic` order lines."""

from collections import Counter

from tests.vendors.parity import as_csv, canonical, compare
from tests.vendors.shopify import orders_csv

#: No export of Shopify says these.
CANNOT = ("product_category", "sector", "customer_id_key", "fulfilled_by", "ship_by", "delivered_at", "cancelled_by")


def test_a_month_of_orders(compiled, month, tmp_path):
    lines = [line for line in month.streams["order_lines"] if line["marketplace"] == "shop"]
    # Shopify knows no state after fulfilled, and cancels and ships whole orders: only such are told in both spellings.
    latest = {(line["order_id"], line["line_id"]): line for line in lines}
    states = Counter((line["order_id"], line["shipped_at"], line["cancelled_at"]) for line in latest.values())
    orders = Counter(order for order, _, _ in states)
    told = [line for (order, _), line in latest.items() if orders[order] == 1]
    # An order has one address: the one its first row says holds for all.
    emails = {line["order_id"]: line["customer_email"] for line in told if line["customer_email"]}
    numbers, ours = Counter(), []
    for line in sorted(told, key=lambda line: line["order_id"]):
        numbers[line["order_id"]] += 1
        status = "cancelled" if line["cancelled_at"] else "shipped" if line["shipped_at"] else "open"
        own = {"line_id": str(numbers[line["order_id"]]), "customer_email": emails.get(line["order_id"], "")}
        ours.append(line | own | {"status": status, "updated_at": ""}
                    | dict.fromkeys(("delivered_at", "cancelled_by", "product_category", "sector", "customer_id",
                                     "fulfilled_by", "ship_by"), ""))  # fmt: skip
    assert len(ours) > 50 and {line["status"] for line in ours} == {"cancelled", "shipped", "open"}
    text = orders_csv(ours)
    header, *rows = text.splitlines(keepends=True)
    half = next(n for n in range(len(rows) // 2, len(rows)) if ",paid," in rows[n])
    unpaid = "".join(rows[half:]).replace(",fulfilled,", ",,", 1)
    files = {
        "shopify/orders/1.csv": header + "".join(rows[:half]),
        "shopify/orders/2.csv": header + unpaid,
        "shopify/orders/3.csv": header + "".join(rows[half:]),
    }
    model = "int_order_lines"
    [left] = canonical(compiled, tmp_path / "generic", {"generic/order_lines/all.csv": as_csv(ours)}, [model]).values()
    [right] = canonical(compiled, tmp_path / "shopify", files, [model]).values()
    compare(left, right, ("marketplace", "order_id", "line_id"), vendor="shopify", cannot=CANNOT)
