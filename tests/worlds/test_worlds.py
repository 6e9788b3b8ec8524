"""Every row of the KPIs and of the marts that read them, against the reference: generated worlds, and a saved one.

SUPPORT_KPIS_WORLDS: number of worlds (50). SUPPORT_KPIS_WORLD: a world.json to replay alone.
"""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.worlds.agreement import assert_agreement
from tests.worlds.building import build_full_world
from tests.worlds.clock import ZONES
from tests.worlds.environment import SAVED_WORLD, WORLDS
from tests.worlds.saving import load


# Taking rows away shrinks a world better than Hypothesis can, and says less often "flaky".
@settings(
    max_examples=WORLDS, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(pick=st.randoms(use_true_random=True), zone=st.sampled_from(sorted(ZONES)))
def test_sql_agrees_with_the_reference(compiled, pick, zone):
    assert_agreement(compiled, build_full_world(pick, zone))


@pytest.mark.skipif(SAVED_WORLD is None, reason="SUPPORT_KPIS_WORLD names no world")
def test_saved_world(compiled):
    assert_agreement(compiled, load(SAVED_WORLD))
