"""The generated worlds would show a difference in any KPI and mart: together they have rows of each, of every kind."""

from collections import defaultdict
from random import Random

import pytest

from ingestion.catalogue import kpi_catalogue
from tests.worlds.building import build_full_world
from tests.worlds.compiled import TIMESERIES
from tests.worlds.marts import reference_tables

SEEDS = range(75)


@pytest.fixture(scope="module")
def tables() -> dict[str, list[dict]]:
    """Table -> the reference's rows of many worlds."""
    found: dict[str, list[dict]] = defaultdict(list)
    for seed in SEEDS:
        for table, rows in reference_tables(build_full_world(Random(seed))).items():
            found[table] += rows
    return found


def test_every_kpi_and_dimension_that_is_declared_comes_up(tables):
    dimensions: dict[str, set[str]] = defaultdict(set)
    for row in tables[TIMESERIES]:
        dimensions[row["kpi_id"]].add(row["dimension"])
    declared = {kpi_id: set(kpi["dimensions"]) for kpi_id, kpi in kpi_catalogue().items()}
    assert {kpi_id: named - {"all"} for kpi_id, named in dimensions.items()} == {
        kpi_id: named - {"all"} for kpi_id, named in declared.items() if kpi_id in dimensions
    }
    assert declared.keys() - dimensions.keys() <= {"staffing_gap"}


def test_every_verdict_of_the_scorecard_comes_up(tables):
    rows = tables["mart_kpi_scorecard"]
    assert {row["status"] for row in rows} == {"met", "at_risk", "missed", "no_data"}
    assert {row["trend"] for row in rows} == {"improving", "flat", "worsening", None}
    assert {row["baseline_value"] is None for row in rows} == {True, False}
    assert any(row["guardrail"] for row in rows)


def test_every_kind_of_intervention_comes_up(tables):
    rows = tables["mart_intervention_impact"]
    units = {kpi_id: kpi["unit"] for kpi_id, kpi in kpi_catalogue().items()}
    judged = {units[row["kpi_id"]] for row in rows if row["difference_low"] is not None}
    assert {"ratio", "seconds"} <= judged
    assert any(row["difference"] is not None and row["difference_low"] is None for row in rows)
    assert any(row["difference_beyond_rest"] is not None for row in rows)


def test_every_flag_of_the_insights_comes_up(tables):
    for flag in ("is_best", "is_weakest"):
        assert {row[flag] for row in tables["mart_agent_coaching"]} == {True, False}
    evidence = tables["mart_issue_evidence"]
    assert {row["is_automation_candidate"] for row in evidence} == {True, False}
    assert any(row["p_value_holm"] is not None and row["p_value_holm"] < 0.05 for row in evidence)
    gaps = tables["mart_staffing_gap"]
    assert any(row["agents_needed"] is None for row in gaps)
    assert any(row["agents_needed"] and row["agents_scheduled"] for row in gaps)
