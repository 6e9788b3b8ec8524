"""A month of a shop, as Shopify exports it and as its API tells it, against the same month as `generic` rows."""

from collections import Counter

import pytest

from tests.vendors.parity import as_csv, canonical, compare
from tests.vendors.shopify import orders_csv
from tests.vendors.shopify_month import CANNOT, api, numbered, refunds, told

LINE = ("marketplace", "order_id", "line_id")


@pytest.fixture(scope="module")
def lines(month):
    found = told(month)
    assert len(found) > 50 and {line["status"] for line in found} == {"cancelled", "shipped", "open"}
    return found


def test_a_month_of_exports(compiled, lines, tmp_path):
    ours = [line | {"cancelled_by": ""} for line in lines]
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
    compare(left, right, LINE, vendor="shopify", cannot=(*CANNOT, "cancelled_by"))


def test_a_month_of_the_api_beside_exports_of_the_same_orders(compiled, lines, tmp_path):
    """What the API tells is there once; the last orders, which it does not tell, come from the export."""
    later = sorted({line["order_id"] for line in lines})[-10:]
    exported = [line | {"cancelled_by": ""} for line in lines if line["order_id"] in later]
    by_api = numbered([line for line in lines if line["order_id"] not in later])
    paid = refunds(by_api)
    generic = {"order_lines": by_api + exported, "remedies": paid}
    ours = {f"generic/{name}/all.csv": as_csv(rows) for name, rows in generic.items()}
    theirs = api(by_api, paid) | {"shopify/orders/all.csv": orders_csv(lines)}
    models = ("int_order_lines", "int_remedies", "fct_order")
    left, right = (
        canonical(compiled, tmp_path / "ours", ours, models),
        canonical(compiled, tmp_path / "s", theirs, models),
    )
    compare(left["int_order_lines"], right["int_order_lines"], LINE, vendor="shopify", cannot=CANNOT)
    compare(left["int_remedies"], right["int_remedies"], ("source", "remedy_id"), vendor="shopify")
    assert len(paid) > 10 and Counter(line["cancelled_by"] for line in by_api)["buyer"] > 0
    assert len(right["fct_order"]) == len({line["order_id"] for line in lines})
