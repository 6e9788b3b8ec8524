"""What a newcomer sees: the sample of `make nightly`, its scorecard and the whole catalogue on it.

The sample moves with the day of the first run. `make test` looks at one that ends on a Friday, the hardest weekday for
its incidents; the long form at all weekdays, at weeks in which the clock or the year changes, and at the sample without
incidents, in which every target is met: what is missed is what was planted.
"""

from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb
import pytest

from ingestion.settings import load_settings
from ingestion.simulator import simulate
from ingestion.simulator.sample import CONTACTS_PER_DAY, DAYS, SEED
from orchestration.lib.job import Options, run_nightly
from orchestration.lib.sample import write_sample_if_empty
from tests.helpers import listed_kpis

FRIDAY = date(2026, 3, 6)
ENDS = [
    FRIDAY,
    *(pytest.param(date(2026, 3, day), marks=pytest.mark.long) for day in (2, 3, 4, 5, 7, 8)),
    # The business hours' clock changes on 29 March.
    *(pytest.param(end, marks=pytest.mark.long) for end in (date(2026, 4, 1), date(2027, 1, 2))),
]


@pytest.fixture(scope="module", params=ENDS, ids=lambda end: f"{end:%A_%d_%B_%Y}")
def sample(request, tmp_path_factory):
    """The published version after a first night, whose end is that of the sample."""
    settings = load_settings(home=tmp_path_factory.mktemp("sample"))
    settings.prepare_home()
    assert write_sample_if_empty(settings, request.param, lambda text: None)
    with published(settings.home, None) as con:
        assert con.execute("select any_value(as_of) from mart_kpi_scorecard").fetchall()[0][0].date() == request.param
        yield con


@contextmanager
def published(home: Path, as_of: str | None):
    outcome = run_nightly(Options(home=home, as_of=as_of))
    assert outcome.error is None, outcome.error
    with duckdb.connect(str(home / "published" / "current" / "support_kpis.duckdb"), read_only=True) as con:
        yield con


def test_every_kpi_has_rows_in_every_dimension(sample):
    rows = sample.execute("select kpi_id, dimension from mart_kpi_timeseries group by all").fetchall()
    found: dict[str, set[str]] = {}
    for kpi_id, dimension in rows:
        found.setdefault(kpi_id, set()).add(dimension)
    missing = {kpi_id: sorted(dims - found.get(kpi_id, set())) for kpi_id, dims in listed_kpis().items()}
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


def test_the_workshop_shows_in_the_nps_of_customer_care(sample):
    rows = sample.execute(
        "select intervention_id, kpi_id, dimension_value, difference > 20, difference_low > 0, rest_difference < 0"
        " from mart_intervention_impact"
    ).fetchall()
    assert rows == [("tone_workshop", "nps", "Customer Care", True, True, True)]


@pytest.mark.long
@pytest.mark.parametrize("end", [FRIDAY, date(2026, 3, 7)], ids=lambda end: f"{end:%A}")
def test_without_the_incidents_every_target_is_met(tmp_path, end):
    simulate(tmp_path / "landing", days=DAYS, contacts_per_day=CONTACTS_PER_DAY, seed=SEED, end=end)
    with published(tmp_path, f"{end}T00:00:00Z") as con:
        assert con.execute("select target_id, status from mart_kpi_scorecard where status <> 'met'").fetchall() == []
        assert con.execute("select count(*) from mart_intervention_impact").fetchall() == [(0,)]
