"""What the sales macros promise, against plain Python: the exact Poisson tail and counts over sliding windows.

The rules of orders, ratings and remedies are unit tests beside their models.
"""

import random
from datetime import date, timedelta
from decimal import Decimal, localcontext

import duckdb
import pytest

from tests.macros import rendered

FIRST, LAST = date(2024, 1, 1), date(2024, 3, 31)
LIMIT = Decimal("0.001")


def said(call: str) -> str:
    return rendered(f"{{{{ {call} }}}}", "poisson.sql", "rolling.sql")


def upper_tail(n: int, mean: Decimal) -> Decimal:
    """P(X >= n), term by term with 60 digits."""
    with localcontext(prec=60):
        term = (-mean).exp()
        below = Decimal(0)
        for k in range(n):
            below += term
            term = term * mean / (k + 1)
        return 1 - below


def tail_in_sql(n: int, mean: Decimal) -> float:
    tail = said(f"poisson_upper_tail('{n}', '({mean}::double)')")
    return duckdb.sql(f"select {tail}").fetchall()[0][0]


@pytest.mark.parametrize("total", [1, 7, 28, 29, 100, 1000, 28_000, 140_000])
def test_tail_on_both_sides_of_the_edge(total):
    """For a mean of total / 28: the first count that is a burst and the one below it."""
    mean = (Decimal(total) / 28).quantize(Decimal("1e-12"))
    n = int(mean)
    while upper_tail(n, mean) >= LIMIT:
        n += 1
    for count in (n - 1, n):
        assert tail_in_sql(count, mean) == pytest.approx(float(upper_tail(count, mean)), abs=1e-10)
    assert tail_in_sql(n, mean) < float(LIMIT) <= tail_in_sql(n - 1, mean)


def test_tail_at_its_ends():
    assert tail_in_sql(0, Decimal("3.5")) == 1
    assert tail_in_sql(200, Decimal(1)) == pytest.approx(0, abs=1e-12)


def days_of_counting(moves: list[tuple[str, date, int]]) -> dict[tuple[str, date], int]:
    values = ", ".join(f"('{name}', date '{day}', date '{LAST}', {moved})" for name, day, moved in moves)
    rows = duckdb.sql(
        f"with moves as (select * from (values {values}) as moves (name, day, last_day, counted)) "
        + said("standing_counts('moves', ['name'], ['counted'])")
    )
    return {(name, day): counted for name, day, counted in rows.fetchall() if counted}


def test_an_event_counts_from_its_day_to_the_end_of_its_window():
    rng = random.Random(5)
    events = [(rng.choice("ab"), FIRST + timedelta(days=rng.randrange(100))) for _ in range(200)]
    days = timedelta(days=30)
    found = days_of_counting([move for name, day in events for move in ((name, day, 1), (name, day + days, -1))])
    expected: dict[tuple[str, date], int] = {}
    for name, day in events:
        for later in range(30):
            if (counts_on := day + timedelta(days=later)) <= LAST:
                expected[name, counts_on] = expected.get((name, counts_on), 0) + 1
    assert found == expected


@pytest.mark.parametrize(("window", "at_least"), [(1, 1), (10, 1), (30, 1), (1, 2), (10, 2), (30, 2)])
def test_a_customer_counts_once_however_many_orders(window, at_least):
    rng = random.Random(window)
    orders = [(f"c{rng.randrange(12)}", FIRST + timedelta(days=rng.randrange(91)), number) for number in range(60)]
    values = ", ".join(f"('all', 'all', {window}, '{one}', date '{day}', {number})" for one, day, number in orders)
    counted_from = "ordered_on" if at_least == 1 else "previous_on"
    spans = duckdb.sql(
        "with orders (dimension, dimension_value, window_days, customer_key, ordered_on, order_no) "
        f"as (values {values}), "
        "numbered as (select *, lag(ordered_on) over customers as previous_on from orders "
        "window customers as (partition by customer_key order by ordered_on, order_no)) "
        "select customer_key, from_day, until_day from ("
        + said(f"customer_span('counted', 'numbered', '{counted_from}', '{counted_from} is not null')")
        + ")"
    ).fetchall()
    moves = [move for one, starts, ends in spans for move in ((one, starts, 1), (one, ends, -1))]
    expected = {}
    for offset in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=offset)
        for customer in {order[0] for order in orders}:
            inside = [o for o in orders if o[0] == customer and day - timedelta(days=window) < o[1] <= day]
            if len(inside) >= at_least:
                expected[customer, day] = 1
    assert days_of_counting(moves) == expected
