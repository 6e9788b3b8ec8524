"""What a newcomer sees: the sample of `make nightly`, its scorecard and the whole catalogue on it."""

import csv
from datetime import date
from pathlib import Path

import duckdb
import pytest

from ingestion.simulator import write_sample
from orchestration.lib.job import Options, run_nightly

LISTED = {
    row["kpi_id"]: set(row["dimensions"].split())
    for row in csv.DictReader((Path(__file__).parents[1] / "fixtures" / "catalogue.csv").open())
}


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """The sample that ends on a Friday, the hardest weekday for its incidents."""
    home = tmp_path_factory.mktemp("sample")
    (home / "landing").mkdir()
    write_sample(home / "landing", date(2026, 3, 6))
    outcome = run_nightly(Options(home=home, as_of="2026-03-06T00:00:00Z"))
    assert outcome.error is None, outcome.error
    with duckdb.connect(str(home / "published" / "current" / "support_kpis.duckdb"), read_only=True) as con:
        yield con


def test_every_kpi_has_rows_in_every_dimension(sample):
    rows = sample.execute("select kpi_id, dimension from mart_kpi_timeseries group by all").fetchall()
    found: dict[str, set[str]] = {}
    for kpi_id, dimension in rows:
        found.setdefault(kpi_id, set()).add(dimension)
    missing = {kpi_id: sorted(dims - found.get(kpi_id, set())) for kpi_id, dims in LISTED.items()}
    assert {kpi_id: dims for kpi_id, dims in missing.items() if dims} == {}
    assert sample.execute("select count(*) > 0 from mart_staffing_gap").fetchall()[0] == (True,)


def test_the_scorecard_tells_the_planted_stories(sample):
    status = dict(sample.execute("select target_id, status from mart_kpi_scorecard").fetchall())
    assert status["service_level_80_20"] == status["abandonment"] == status["phone_answer_3min"] == "missed"
    assert status["amazon_reply_24h"] == "missed"
    assert status["amazon_return_reply_48h"] == status["email_reply_24h"] == "met"
    assert (status["facebook_badge_rate"], status["facebook_badge_time"]) == ("met", "at_risk")
    assert status["ebay_reply_24h"] == "no_data"
    assert status["order_defect_rate"] == status["prime_on_time_shipment"] == "missed"
    assert status["complaints"] == status["csat"] == "missed"
    assert status["fcr"] == status["esat"] == "at_risk"
    assert {status[name] for name in ("aht", "nps", "qa", "remedy", "prime_cancellation", "reopen_rate")} == {"met"}


def test_the_hurried_hotline_raises_its_guardrails(sample):
    trend, guardrail = sample.execute(
        "select trend, guardrail from mart_kpi_scorecard where target_id = 'aht'"
    ).fetchall()[0]
    assert trend == "improving"
    assert guardrail.split(";") == ["csat", "first_contact_resolution_rate"]


def test_the_kettle_flood_is_evidence(sample):
    rows = sample.execute(
        "select share_change, p_value_holm from mart_issue_evidence"
        " where issue_type = 'product_defect' and product = 'kettle-k2' order by share_change desc"
    ).fetchall()
    assert rows[0][0] > 0.02
    assert rows[0][1] < 0.001


def test_agents_see_their_own_kpis_beside_their_team(sample):
    assert sample.execute("select count(distinct agent) > 20 from mart_agent_coaching").fetchall()[0] == (True,)
    assert sample.execute("select count(*) from mart_agent_coaching where kpi_id = 'esat'").fetchall()[0] == (0,)
