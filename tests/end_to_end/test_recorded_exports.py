"""Recorded help-desk pages and a recorded queue log through the whole nightly job."""

import json
import random
import shutil
from pathlib import Path

import duckdb
import pytest

from orchestration.lib.job import Options, run_nightly
from tests.helpers import SHARED_DATA, needs_shared_data

pytestmark = needs_shared_data


def night(home: Path, as_of: str) -> tuple[duckdb.DuckDBPyConnection, dict]:
    outcome = run_nightly(Options(home=home, as_of=as_of))
    assert outcome.error is None, outcome.error
    published = home / "published" / "current" / "support_kpis.duckdb"
    return duckdb.connect(str(published), read_only=True), outcome.as_json()


def land_scattered(pages: Path, landing: Path, times: int, seed: int) -> None:
    """Every page so many times under random names, so that the order of files is another one."""
    chance = random.Random(seed)
    for page in sorted(pages.rglob("*.json")):
        folder = landing / page.parent.relative_to(pages)
        folder.mkdir(parents=True, exist_ok=True)
        for _ in range(times):
            shutil.copy(page, folder / f"{chance.getrandbits(64):016x}.json")


@pytest.mark.parametrize(
    ("export", "times", "seed"), [("incremental_tickets", 1, 1), ("incremental_tickets_cursor", 3, 2)]
)
def test_recorded_pages_reduce_to_the_same_tickets(tmp_path, export, times, seed):
    source = SHARED_DATA / "zendesk_recorded" / export
    expected = json.loads((source / "expected.json").read_text())
    land_scattered(source / "landing", tmp_path / "landing", times, seed)
    con, result = night(tmp_path, "2026-03-02T00:00:00Z")
    with con:
        statuses = dict(con.execute("select status, count(*) from fct_ticket group by 1").fetchall())
        distinct = con.execute("select count(distinct contact_id) from fct_ticket").fetchall()[0]
    assert distinct == (expected["distinct_tickets"],)
    assert statuses == expected["status"]
    assert result["rows_rejected"] == 0


@pytest.mark.parametrize(
    ("log", "abandoned", "without_outcome"), [("dmrz_2010_queue_log", 12, 1), ("dmrz_2010_queue_log_damaged", 0, 13)]
)
def test_recorded_queue_log(tmp_path, log, abandoned, without_outcome):
    shutil.copytree(SHARED_DATA / "asterisk" / log / "landing", tmp_path / "landing")
    con, _ = night(tmp_path, "2010-03-01T00:00:00Z")
    with con:
        kpi = dict(
            con.execute(
                "select kpi_id, sum(numerator) / coalesce(sum(denominator), 1) from mart_kpi_timeseries"
                " where grain = 'day' and dimension = 'all' group by 1"
            ).fetchall()
        )
        outcomes = dict(con.execute("select coalesce(outcome, 'none'), count(*) from fct_call group by 1").fetchall())
        reported = con.execute(
            "select faults from mart_data_quality where check_name = 'calls_without_outcome'"
        ).fetchall()[0]
    assert kpi["calls_offered"] == 21
    assert outcomes["answered"] == 8
    assert outcomes.get("abandoned", 0) == abandoned
    assert outcomes["none"] == without_outcome == reported[0]
    if abandoned:
        assert kpi["average_speed_of_answer"] == 143 / 8
