"""Ratings, bursts of them, and order defects (§9 of the catalogue)."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from fractions import Fraction
from math import exp, factorial

from tests.reference.contacts import History
from tests.reference.customers import Customers
from tests.reference.orders import orders_at
from tests.reference.rows import Fact, cells, count_rows, quotient_rows, rolling_cells
from tests.reference.seeing import entities
from tests.reference.world import World

DEFECT_DAYS = 60
TAIL = 0.001
SHORTEST_HISTORY, LONGEST_HISTORY = 7, 28


def rating_rows(world: World, history: History) -> list[dict]:
    ratings = ratings_at(world)
    return [*_shares(world, ratings), *_bursts(world, ratings), *_defects(world, ratings, history.customers)]


def ratings_at(world: World) -> list[dict]:
    found = entities(world.rows("ratings"), ("rating_id",), "updated_at", world.as_of)
    return [entity.row for entity in found if entity.row["rated_at"] <= world.as_of]


def _named(rating: dict) -> dict:
    return {
        "marketplace": rating.get("marketplace"),
        "product": rating.get("product_id"),
        "brand": rating.get("brand"),
    }


def _shares(world: World, ratings: list[dict]) -> list[dict]:
    """1 and 2 stars are negative, 4 and 5 positive."""
    names = ("marketplace", "product", "brand")
    low = [Fact(rating["rated_at"], _named(rating), int(rating["stars"] <= 2)) for rating in ratings]
    high = [Fact(rating["rated_at"], _named(rating), int(rating["stars"] >= 4)) for rating in ratings]
    ones = [Fact(rating["rated_at"], _named(rating)) for rating in ratings]
    return [
        *quotient_rows("negative_feedback_rate", "ratio", cells(world, low, names)),
        *quotient_rows("positive_review_rate", "ratio", cells(world, high, names)),
        *count_rows("review_count", cells(world, ones, ("marketplace", "product"))),
    ]


def poisson_tail(count: int, mean: float) -> float:
    """P(X >= count)."""
    return 1 - sum(exp(-mean) * mean**k / factorial(k) for k in range(count))


def is_burst(counts: Counter, day: date) -> bool:
    """Against the mean of the up to 28 days before since the product's first rating, of which there must be 7."""
    days = min((day - min(counts)).days, LONGEST_HISTORY)
    if days < SHORTEST_HISTORY:
        return False
    mean = sum(counts[day - timedelta(days=back)] for back in range(1, days + 1)) / days
    return mean > 0 and poisson_tail(counts[day], mean) < TAIL


def _bursts(world: World, ratings: list[dict]) -> list[dict]:
    """Product-days that are bursts; every other dimension adds them up. The sample is the ratings."""
    products = defaultdict(Counter)
    for rating in ratings:
        products[rating.get("marketplace"), rating.get("product_id")][world.local_day(rating["rated_at"])] += 1
    facts = []
    for (marketplace, product), counts in products.items():
        for rating in ratings:
            if (rating.get("marketplace"), rating.get("product_id")) == (marketplace, product):
                day = world.local_day(rating["rated_at"])
                share = Fraction(int(is_burst(counts, day)), counts[day])
                facts.append(Fact(rating["rated_at"], _named(rating), share))
    rows = count_rows("review_burst", cells(world, facts, ("marketplace", "product")))
    return [row | {"numerator": int(row["numerator"]), "value": int(row["value"])} for row in rows]


def _defects(world: World, ratings: list[dict], customers: Customers) -> list[dict]:
    """Orders with a defect ÷ orders placed on the day or the 59 before it; an order counts once."""
    bad = {(rating.get("marketplace"), rating.get("order_id")) for rating in ratings if rating["stars"] <= 2}
    key = ("marketplace", "order_id", "defect_type", "opened_at")
    for entity in entities(world.rows("order_defects"), key, "updated_at", world.as_of):
        row = entity.row
        if row["opened_at"] <= world.as_of and row["status"] in ("open", "granted"):
            bad.add((row["marketplace"], row["order_id"]))
    facts = [
        Fact(order.ordered_at, {"marketplace": order.marketplace}, int((order.marketplace, order.order_id) in bad))
        for order in orders_at(world, customers)
    ]
    return quotient_rows("order_defect_rate", "ratio", rolling_cells(world, facts, ("marketplace",), DEFECT_DAYS))
