"""The sample of `run --or-sample`: for an empty landing area only, and its end is "now" while it stands alone."""

from datetime import UTC, date, datetime

import pytest

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
