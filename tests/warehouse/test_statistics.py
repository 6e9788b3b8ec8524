"""The statistical macros against independent formulas and published examples. What a mart makes of them: unit tests."""

import math
from fractions import Fraction

import duckdb
import pytest

from tests.macros import rendered


def sql(expression: str) -> float:
    """The value of a macro call, rendered as dbt would."""
    said = rendered(f"{{{{ {expression} }}}}", "statistics.sql", "intervals.sql")
    return duckdb.sql(f"select {said}").fetchall()[0][0]


def number(value: float) -> str:
    return f"'({value!r}::double)'"


@pytest.mark.parametrize("z", [0.0, 0.3, -1.0, 1.959963984540054, 3.9999, 4.0, 7.5, 20.0])
def test_two_sided_p_of_a_normal(z):
    assert sql(f"two_sided_p({number(z)})") == pytest.approx(math.erfc(abs(z) / math.sqrt(2)), rel=1e-9)


def exact(x1: int, n1: int, x2: int, n2: int) -> float:
    total = x1 + x2
    tables = [math.comb(n1, k) * math.comb(n2, total - k) for k in range(max(0, total - n2), min(n1, total) + 1)]
    seen = math.comb(n1, x1) * math.comb(n2, x2)
    return float(Fraction(sum(table for table in tables if table <= seen), math.comb(n1 + n2, total)))


@pytest.mark.parametrize("table", [(3, 100, 1, 400), (0, 50, 5, 200), (4, 9, 2, 40), (1, 1, 0, 1), (8, 8, 1, 6)])
def test_fishers_exact_p(table):
    arguments = ", ".join(f"'{value}'" for value in table)
    assert sql(f"fisher_exact_p({arguments})") == pytest.approx(exact(*table), rel=1e-9)


def test_newcombes_published_example():
    """56 of 70 against 48 of 80: 0.2, from 0.0524 to 0.3339 (the sign is turned here: after less before)."""
    counts = ", ".join(number(float(value)) for value in (56, 70, 48, 80))
    assert -0.2 - sql(f"newcombe_reach({counts}, 'lower')") == pytest.approx(-0.3339, abs=5e-5)
    assert -0.2 + sql(f"newcombe_reach({counts}, 'upper')") == pytest.approx(-0.0524, abs=5e-5)


@pytest.mark.parametrize(
    ("variance1", "n1", "variance2", "n2", "t"),
    [
        (400.0, 100.0, 400.0, 100.0, 1.972017478), (4.0, 6.0, 4.0, 6.0, 2.228138852),
        (1.0, 31.0, 1.0, 31.0, 2.000297822), (9.0, 2.0, 9.0, 2.0, 4.302652730), (9.0, 2.0, 0.0, 5.0, 12.706204736),
    ],
)  # fmt: skip
def test_welchs_interval_uses_t(variance1, n1, variance2, n2, t):
    """Equal variances and sizes have 2n - 2 degrees of freedom: 198, 10, 60, 2. Two facts beside equal ones: 1."""
    arguments = ", ".join(number(value) for value in (variance1, n1, variance2, n2))
    expected = t * math.sqrt(variance1 / n1 + variance2 / n2)
    assert sql(f"welch_reach({arguments})") == pytest.approx(expected, rel=1e-8)


def test_without_spread_welchs_interval_is_the_difference_alone():
    assert sql("welch_reach('0::double', '5::double', '0::double', '7::double')") == 0
