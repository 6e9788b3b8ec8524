"""The generated worlds would show a difference in any KPI: together they have rows of each, in each dimension."""

from random import Random

import pytest

from ingestion.catalogue import kpi_catalogue
from tests.reference.catalogue import timeseries
from tests.worlds.building import build_world

SEEDS = range(80)


@pytest.fixture(scope="module")
def dimensions() -> dict[str, set[str]]:
    """kpi_id -> dimensions that the reference has rows for, over many worlds."""
    found: dict[str, set[str]] = {}
    for seed in SEEDS:
        for row in timeseries(build_world(Random(seed))):
            found.setdefault(row["kpi_id"], set()).add(row["dimension"])
    return found


def test_every_kpi_and_dimension_that_is_declared_comes_up(dimensions):
    declared = {kpi_id: set(kpi["dimensions"]) for kpi_id, kpi in kpi_catalogue().items()}
    assert {kpi_id: named - {"all"} for kpi_id, named in dimensions.items()} == {
        kpi_id: named - {"all"} for kpi_id, named in declared.items() if kpi_id in dimensions
    }
    assert declared.keys() - dimensions.keys() <= {"staffing_gap"}
