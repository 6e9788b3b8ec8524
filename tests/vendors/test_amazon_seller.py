"""A month of Amazon's orders and feedback in its own reports, against the same month as `generic` streams."""

from tests.vendors.amazon_seller import feedback_tsv, orders_tsv
from tests.vendors.parity import as_csv, canonical, compare

#: No report of Amazon says these.
CANNOT = (
    "product_category", "sector", "customer_id_key", "customer_email_key", "ship_by", "shipped_at", "delivered_at",
    "cancelled_at", "cancelled_by",
)  # fmt: skip
#: A cancelled item has neither quantity nor price.
DIFFERS = ("quantity", "unit_price", "amount")


def test_a_month_of_orders(compiled, month, tmp_path):
    lines = [line for line in month.streams["order_lines"] if line["marketplace"] == "amazon"]
    blank = dict.fromkeys(("product_category", "sector", "customer_id", "customer_email", "ship_by", "shipped_at",
                           "delivered_at", "cancelled_at", "cancelled_by"), "")  # fmt: skip
    # A report has an item once: what a file of `generic` says of it later stands in a later report.
    items, ours, reports = {}, [], {}
    for line in lines:
        order, product = line["order_id"], line["product_id"]
        number = items.setdefault((order, product), {}).setdefault(line["line_id"], len(items[order, product]) + 1)
        told = line | blank | {"line_id": f"{product}/{number}"}
        ours.append(told)
        report = reports.setdefault(sum(o["order_id"] == order and o["line_id"] == told["line_id"] for o in ours), [])
        report.append(told)
    assert len(reports) > 1 and {line["status"] for line in ours} == {"open", "shipped", "delivered", "cancelled"}
    model = "int_order_lines"
    [left] = canonical(compiled, tmp_path / "generic", {"generic/order_lines/all.csv": as_csv(ours)}, [model]).values()
    files = {f"amazon_seller/orders/{9 - n}.txt": orders_tsv(report) for n, report in reports.items()}
    files["amazon_seller/orders/again.txt"] = orders_tsv(reports[1][-5:])
    [right] = canonical(compiled, tmp_path / "amazon", files, [model]).values()
    key = ("order_id", "line_id")
    compare(left, right, key, vendor="amazon_seller", cannot=CANNOT, differs=DIFFERS)
    paid = {tuple(row[name] for name in key): row["amount"] for row in left if not row["is_cancelled"]}
    assert paid == {tuple(row[name] for name in key): row["amount"] for row in right if not row["is_cancelled"]}


def test_a_month_of_feedback(compiled, month, tmp_path):
    """Days are those of UTC here, so that a day's midnight is that of the instant's date."""
    ratings = {row["order_id"]: row for row in month.streams["ratings"] if row["order_id"] and int(row["stars"]) <= 3}
    said = {"marketplace": "amazon", "product_id": "", "brand": ""}
    ours = [
        row | said | {"rating_id": order, "rated_at": f"{row['rated_at'][:10]}T00:00:00Z"}
        for order, row in ratings.items()
    ]
    assert len(ours) >= 5
    model, key = "int_ratings", ("rating_id",)
    [left] = canonical(compiled, tmp_path / "generic", {"generic/ratings/all.csv": as_csv(ours)}, [model]).values()
    files = {"amazon_seller/feedback/a.txt": feedback_tsv(ours)}
    sources = {"amazon_seller": {"time_zone": "UTC"}}
    [right] = canonical(compiled, tmp_path / "amazon", files, [model], sources=sources).values()
    differs = ("counts_in_feedback",)
    compare(left, right, key, vendor="amazon_seller", cannot=("product_id", "brand"), differs=differs)
    assert {row["counts_in_feedback"] for row in right} == {False}
