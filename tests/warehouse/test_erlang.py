"""The Erlang macros against the published vector and an independent formula. Which load a queue has: unit tests."""

import math
from fractions import Fraction
from pathlib import Path

import duckdb
import jinja2
import pytest

MACRO = Path(__file__).parents[2] / "dbt_project" / "macros" / "erlang.sql"
QUESTION = """
with recursive staffings as (
    select 0 as agents, 1.0::double as blocking, $load::double as load
    union all
    select agents + 1, {{ erlang_blocking('blocking', '(agents + 1)', 'load') }}, load
    from staffings
    where agents < $agents
)
select
    {{ erlang_waiting('blocking', 'agents', 'load') }},
    {{ erlang_service_level('blocking', 'agents', 'load', '$handle::double', '$threshold::double') }}
from staffings
where agents = $agents
"""
SQL = jinja2.Environment(autoescape=False).from_string(MACRO.read_text() + QUESTION).render()


def staffed(agents: int, load: float, handle: float, threshold: float) -> tuple[float, float]:
    """Share of calls that wait, share answered within the threshold, by the SQL of the models."""
    asked = {"agents": agents, "load": load, "handle": handle, "threshold": threshold}
    return duckdb.execute(SQL, asked).fetchall()[0]


def waiting(agents: int, load: Fraction) -> Fraction:
    """Erlang C as textbooks have it, with factorials and whole numbers."""
    queued = load**agents / math.factorial(agents) * agents / (agents - load)
    return queued / (sum(load**k / math.factorial(k) for k in range(agents)) + queued)


def test_published_vector():
    """100 calls in 30 minutes of 180 s each are 10 erlangs; 14 agents, 20 s."""
    load = 100 * 180 / 1800
    waits, level = staffed(14, load, 180, 20)
    assert waits == pytest.approx(0.1741319, abs=5e-8)
    assert level == pytest.approx(0.88835, abs=5e-6)
    assert waits * 180 / (14 - load) == pytest.approx(7.835937, abs=5e-7)
    assert load / 14 == pytest.approx(0.7142857, abs=5e-8)


def test_two_agents_by_hand():
    """20 calls of 90 s are 1 erlang. Two agents: (1/2 * 2) / (1 + 1 + 1) = 1/3 wait; in 20 s: 1 - 1/3 * e^(-20/90)."""
    waits, level = staffed(2, 1, 90, 20)
    assert waits == pytest.approx(1 / 3, rel=1e-12)
    assert level == pytest.approx(0.7330875323610639, rel=1e-12)


@pytest.mark.parametrize(
    ("agents", "load", "handle", "threshold"),
    [
        (1, Fraction(1, 3), 60, 0),
        (7, Fraction(4), 180, 20),
        (14, Fraction(27, 2), 300, 60),
        (520, Fraction(500), 240, 20),
        (1001, Fraction(1000), 200, 30),
    ],
)
def test_agrees_with_factorials_also_where_they_overflow(agents, load, handle, threshold):
    waits = float(waiting(agents, load))
    level = 1 - waits * math.exp(-(agents - float(load)) * threshold / handle)
    assert staffed(agents, float(load), handle, threshold) == pytest.approx((waits, level), rel=1e-9)


def test_too_few_agents_answer_nobody_in_time():
    assert staffed(10, 10.5, 180, 20)[1] == 0
