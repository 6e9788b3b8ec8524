"""The sample of `run --or-sample`: for a home without data only, and its end is "now" while it stands alone."""

from datetime import UTC, date, datetime

import pytest

from ingestion.catalogue import kpi_catalogue
from ingestion.configuration import load_configuration
from ingestion.run import ingest
from ingestion.settings import load_settings
from orchestration.lib.nightly_run import default_as_of
from orchestration.lib.sample import sample_end, write_sample_if_empty

END = date(2026, 3, 2)


@pytest.fixture
def settings(tmp_path, monkeypatch):
    def write_two_files(landing, end, progress=None):
        (landing / "generic" / "tickets").mkdir(parents=True)
        (landing / "generic" / "tickets" / "a.csv").write_text("ticket_id\n")

    monkeypatch.setattr("ingestion.simulator.write_sample", write_two_files)
    settings = load_settings(home=tmp_path / "home")
    settings.prepare_home()
    return settings


def test_an_empty_landing_area_gets_the_sample_and_its_end_is_the_default(settings):
    assert write_sample_if_empty(settings, END, lambda _: None)
    assert default_as_of(settings) == datetime(2026, 3, 2, tzinfo=UTC)
    assert not write_sample_if_empty(settings, date(2026, 3, 9), lambda _: None)
    assert default_as_of(settings) == datetime(2026, 3, 2, tzinfo=UTC)


def test_with_other_exports_beside_it_now_is_now(settings):
    write_sample_if_empty(settings, END, lambda _: None)
    (settings.landing / "generic" / "tickets" / "mine.csv").write_text("ticket_id\n")
    assert sample_end(settings) is None
    assert default_as_of(settings) > datetime(2026, 3, 3, tzinfo=UTC)


def test_exports_that_stand_there_are_left_alone(settings):
    (settings.landing / "zendesk").mkdir()
    (settings.landing / "zendesk" / "page.json").write_text("{}")
    assert not write_sample_if_empty(settings, END, lambda _: None)
    assert sample_end(settings) is None
    assert interventions_of(settings) == []


def test_exports_that_were_loaded_and_taken_away_are_data_too(settings):
    page = settings.landing / "generic" / "tickets" / "page.csv"
    page.parent.mkdir(parents=True)
    page.write_text("ticket_id,created_at,updated_at,status,channel\n1,2026-03-01T09:00Z,2026-03-01T09:00Z,open,web\n")
    result = ingest(settings, load_configuration(settings, kpi_catalogue()), run_id="night")
    assert result.rows_loaded == 1
    page.unlink()
    assert not write_sample_if_empty(settings, END, lambda _: None)
    assert not any(path.is_file() for path in settings.landing.rglob("*"))
    assert interventions_of(settings) == []


@pytest.mark.parametrize("end", [date(2026, 3, day) for day in range(2, 9)], ids=lambda end: f"{end:%A}")
def test_the_sample_has_an_intervention_on_a_tuesday_whose_28_days_are_over(settings, end):
    write_sample_if_empty(settings, end, lambda _: None)
    ((name, happened_on),) = interventions_of(settings)
    assert name == "tone_workshop" and f"{happened_on:%A}" == "Tuesday"
    assert 29 <= (end - happened_on).days <= 35


def test_interventions_of_the_home_stay(settings):
    own = "intervention_id,kpi_id,dimension,dimension_value,happened_on,description\nmine,csat,,,2026-01-01,own\n"
    (settings.config / "interventions.csv").write_text(own)
    assert write_sample_if_empty(settings, END, lambda _: None)
    assert (settings.config / "interventions.csv").read_text() == own


def interventions_of(settings):
    """(intervention_id, happened_on) as the next run will read them."""
    rows = load_configuration(settings, kpi_catalogue()).tables["interventions"]
    return [(row["intervention_id"], row["happened_on"]) for row in rows]
