"""Shipping, cancellation and repeat business (§9 of the catalogue); ratings and defects stand in `ratings`."""

from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction

from tests.reference.contacts import History
from tests.reference.orders import Order, orders_at
from tests.reference.rows import Fact, cells, count_rows, quotient_rows, row
from tests.reference.world import World

YEAR = 365


def sales_rows(world: World, history: History) -> list[dict]:
    orders = orders_at(world, history.customers)
    return [
        *_shipping(world, orders),
        *_cancellations(world, orders),
        *_repeats(world, orders),
        *_rolling(world, orders),
    ]


def _shipping(world: World, orders: list[Order]) -> list[dict]:
    """Seller-fulfilled orders due at `as_of`; cancelled lines are ignored, a missing due time leaves the order out."""
    facts = []
    for order in orders:
        sellers = all(line.get("fulfilled_by") == "seller" and line.get("ship_by") for line in order.lines)
        if order.is_cancelled or not sellers:
            continue
        due = max(line["ship_by"] for line in order.lines)
        if due <= world.as_of:
            kept = all(line["shipped_at"] and line["shipped_at"] <= line["ship_by"] for line in order.lines)
            facts.append(Fact(due, order.dimensions, int(kept)))
    return quotient_rows("on_time_shipment_rate", "ratio", cells(world, facts, ("marketplace",)))


def _cancellations(world: World, orders: list[Order]) -> list[dict]:
    """Wholly cancelled by seller or system, of several cancellers the seller's counts, and nothing shipped."""
    facts = []
    for order in orders:
        cancellers = {line.get("cancelled_by") for line in order.cancelled}
        by_us = "seller" in cancellers or cancellers == {"system"}
        shipped = any(line["shipped_at"] for line in order.all_lines)
        facts.append(Fact(order.ordered_at, order.dimensions, int(order.is_cancelled and by_us and not shipped)))
    return quotient_rows("cancellation_rate", "ratio", cells(world, facts, ("marketplace",)))


def bought(orders: list[Order]) -> list[Order]:
    """Cancelled orders are neither bought nor revenue."""
    return sorted((order for order in orders if not order.is_cancelled), key=lambda order: order.ordered_at)


def earlier(order: Order, orders: list[Order]) -> list[Order]:
    """The same customer's orders before this one, anywhere."""
    if order.customer is None:
        return []
    return [one for one in orders if one.customer == order.customer and one.ordered_at < order.ordered_at]


def _repeats(world: World, orders: list[Order]) -> list[dict]:
    """Money of several currencies is never added up: such a cell has no row in the money KPIs."""
    orders = bought(orders)
    names = ("marketplace", "sector", "currency")
    counted = [Fact(order.ordered_at, order.dimensions, int(bool(earlier(order, orders)))) for order in orders]
    money = [
        Fact(order.ordered_at, order.dimensions, order.revenue if earlier(order, orders) else 0, order.revenue)
        for order in orders
    ]
    one_currency = {
        cell: facts
        for cell, facts in cells(world, money, names).items()
        if None not in (named := {fact.dimensions["currency"] for fact in facts}) and len(named) == 1
    }
    revenue = count_rows("repeat_revenue", one_currency)
    return [
        *count_rows("repeat_order_count", cells(world, counted, names)),
        *(one | {"unit": "money"} for one in revenue),
        *quotient_rows("repeat_revenue_share", "ratio", one_currency),
    ]


def _rolling(world: World, orders: list[Order]) -> list[dict]:
    """Every day from the first order to the day of `as_of`, looking back over N local days including it."""
    orders = bought(orders)
    found = []
    if not orders or world.spans:
        return found
    day, today = world.local_day(orders[0].ordered_at), world.local_day(world.as_of)
    while day <= today:
        found += _repeat_purchases(world, orders, day)
        found += _crossing(world, orders, day, "cross_sell_rate", is_cross_sell)
        found += _crossing(world, orders, day, "upsell_rate", is_upsell)
        day += timedelta(days=1)
    return found


def _in_window(world: World, orders: list[Order], day: date, days: int) -> list[Order]:
    since = day - timedelta(days=days - 1)
    return [order for order in orders if since <= world.local_day(order.ordered_at) <= day]


def _slices(world: World, orders: list[Order], day: date, dimension: str) -> dict[str, list[Order]]:
    """Value of the dimension -> its orders in the window; a sector's window is its own."""
    sectors = {one["sector"]: one["repeat_window_days"] for one in world.configuration.get("sectors", [])}
    found = defaultdict(list)
    for order in orders:
        named = "all" if dimension == "all" else order.dimensions[dimension]
        days = (sectors.get(named) or YEAR) if dimension == "sector" else YEAR
        if _in_window(world, [order], day, days):
            found["(none)" if named is None else named].append(order)
    return found


def _repeat_purchases(world: World, orders: list[Order], day: date) -> list[dict]:
    """Known customers with two orders or more ÷ with one or more."""
    found = []
    for dimension in ("all", "marketplace", "sector"):
        for named, own in _slices(world, orders, day, dimension).items():
            counts = defaultdict(int)
            for order in own:
                counts[order.customer] += 1
            counts.pop(None, None)
            if counts:
                twice = sum(count >= 2 for count in counts.values())
                cell = ("day", day, dimension, named)
                share = Fraction(twice, len(counts))
                found.append(
                    row("repeat_purchase_rate", cell, "ratio", twice, len(counts), share, sum(counts.values()))
                )
    return found


def is_cross_sell(order: Order, orders: list[Order]) -> bool:
    """A repeat order with a category never bought before; lines without category take no part."""
    past = earlier(order, orders)
    known = {line.get("product_category") for one in past for line in one.lines}
    return bool(past) and any(
        line.get("product_category") and line["product_category"] not in known for line in order.lines
    )


def is_upsell(order: Order, orders: list[Order]) -> bool:
    """A repeat order with a line dearer per unit than anything bought in its category, and its currency, before."""
    paid: dict[tuple, Fraction] = {}
    for line in (line for one in earlier(order, orders) for line in one.lines if line.get("product_category")):
        place, price = (line["product_category"], line["currency"]), Fraction(line["unit_price"])
        paid[place] = max(price, paid.get(place, price))
    return any(
        Fraction(line["unit_price"]) > paid.get((line.get("product_category"), line["currency"]), Fraction(10**9))
        for line in order.lines
    )


def _crossing(world: World, orders: list[Order], day: date, kpi_id: str, is_such) -> list[dict]:
    """Customers with such an order in the window ÷ customers with any."""
    found = []
    for dimension in ("all", "marketplace"):
        for named, own in _slices(world, orders, day, dimension).items():
            buyers = {order.customer for order in own} - {None}
            such = {order.customer for order in own if is_such(order, orders)}
            if buyers:
                cell = ("day", day, dimension, named)
                share = Fraction(len(such), len(buyers))
                found.append(row(kpi_id, cell, "ratio", len(such), len(buyers), share, len(buyers)))
    return found
