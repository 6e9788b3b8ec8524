"""Orders, defects, ratings and remedies of a generated world."""

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from tests.worlds.clock import Clock
from tests.worlds.configuring import BRANDS
from tests.worlds.ticketing import CUSTOMERS

#: A product is sold on one marketplace.
PRODUCTS = {"P1": "amazon", "P2": "amazon", "P3": "shop", "P4": "ebay"}
ORDERS = [f"O{number}" for number in range(12)]


def sales(pick: Random, clock: Clock, count: int, ticket_ids: list[str]) -> dict[str, list[dict]]:
    market = {order_id: pick.choice(["amazon", "amazon", "shop"]) for order_id in ORDERS}
    currencies = pick.choice([["EUR"], ["EUR", "USD"]])
    lines, defects = [], []
    for order_id in ORDERS[:count]:
        currency = pick.choice(currencies)
        # Now and then an order has lines in two.
        several = pick.choice([*[[currency]] * 5, currencies])
        lines += _order(pick, clock, order_id, market[order_id], several)
        defects += _defects(pick, clock, order_id, market[order_id])
    return {
        "order_lines": lines,
        "order_defects": defects,
        "ratings": _ratings(pick, clock, count * 3, market),
        "remedies": [_remedy(pick, clock, number, ticket_ids) for number in range(count)],
    }


def _order(pick: Random, clock: Clock, order_id: str, marketplace: str, currencies: list[str]) -> list[dict]:
    ordered_at = clock.instant() - timedelta(days=pick.choice([0, 0, 0, 60, 61, 364, 365]), seconds=int(order_id[1:]))
    buyer = {
        "customer_email_key": pick.choice(CUSTOMERS), "customer_id_key": pick.choice([None, "s" * 64, "t" * 64]),
    }  # fmt: skip
    rows = []
    for number in range(pick.choice([1, 1, 2, 3])):
        status = pick.choice(["open", "shipped", "delivered", "cancelled"])
        ship_by = pick.choice([None, *[clock.after(ordered_at)] * 3])
        sent = pick.choice([ship_by or ordered_at, clock.after(ship_by or ordered_at)])
        cancelled = status == "cancelled"
        row = {
            "order_id": order_id, "line_id": str(number), "ordered_at": ordered_at, "marketplace": marketplace,
            "status": status, "product_id": pick.choice(list(PRODUCTS)), "currency": pick.choice(currencies),
            "product_category": pick.choice(["pots", "pans", "lids", None]),
            "sector": pick.choice(["toys", "home", None]),
            # Amounts of an order's lines differ, so that one line is the dearest; some currencies count in millions.
            "quantity": pick.choice([1, 2]),
            "unit_price": (Decimal(pick.randrange(3, 9)) + Decimal(number) / 100) * pick.choice([*[1] * 9, 10**6]),
            "fulfilled_by": pick.choice(["seller", "seller", "seller", "marketplace", None]), "ship_by": ship_by,
            "shipped_at": sent if status in ("shipped", "delivered") or pick.random() < 0.1 else None,
            "delivered_at": None, "cancelled_at": pick.choice([None, clock.after(ordered_at)]) if cancelled else None,
            "cancelled_by": pick.choice([None, "buyer", "seller", "system"]) if cancelled else None,
            "updated_at": pick.choice([None, clock.after(ordered_at)]), **buyer,
        }  # fmt: skip
        rows.append(row)
    return rows


def _defects(pick: Random, clock: Clock, order_id: str, marketplace: str) -> list[dict]:
    rows = []
    for kind in pick.sample(["a_to_z", "chargeback"], pick.choice([0, 0, 0, 1, 2])):
        opened_at = clock.instant()
        row = {"order_id": order_id, "marketplace": marketplace, "defect_type": kind, "opened_at": opened_at}
        rows.append(row | {"status": pick.choice(["open", "granted", "denied", "withdrawn"]), "updated_at": opened_at})
        later = clock.after(opened_at)
        if pick.random() < 0.4 and later != opened_at:
            rows.append(row | {"status": "withdrawn", "updated_at": later})
    return rows


def _ratings(pick: Random, clock: Clock, count: int, market: dict[str, str]) -> list[dict]:
    """Some early ones for a history, some scattered, and sometimes many of one product on one day."""
    moments: list[tuple[datetime, str]] = []
    for _ in range(count):
        early = timedelta(days=pick.choice([0, 0, 7, 8, 27, 28, 29]))
        moments.append((clock.instant() - early, pick.choice(list(PRODUCTS))))
    if count and pick.random() < 0.6:
        moments += [(clock.local(clock.day(), 12), "P1")] * pick.choice([2, 4, 6, 9])
    rows = []
    for number, (moment, product) in enumerate(moments):
        order_id = pick.choice([None, *market])
        rows.append({
            "rating_id": f"S{number}", "rated_at": moment, "stars": pick.choice([1, 2, 3, 4, 5]),
            "marketplace": PRODUCTS[product],
            "product_id": product, "order_id": order_id, "brand": pick.choice(BRANDS), "updated_at": None,
        })  # fmt: skip
    return rows


def _remedy(pick: Random, clock: Clock, number: int, ticket_ids: list[str]) -> dict:
    return {
        "remedy_id": f"M{number}", "remedy_type": pick.choice(["refund", "replacement", "return", "other"]),
        "delivered_at": clock.instant(), "ticket_id": pick.choice([None, *ticket_ids]),
        "order_id": pick.choice([None, *ORDERS[:4]]), "updated_at": None,
    }  # fmt: skip
