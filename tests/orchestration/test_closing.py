"""The last lines of a run."""

from datetime import date, datetime
from pathlib import Path

import click
import pytest

from ingestion.settings import Settings
from orchestration.lib import closing
from orchestration.lib.outcome import Outcome
from orchestration.lib.restated import Move, Restated

OUTCOME = Outcome("r", "2026-03-02T00:00:00+00:00", True, 1234, 1200, 30, 4)
ROW = {"target_id": "fcr", "value": 0.55, "previous_value": 0.61, "comparator": ">=", "target": 0.6, "unit": "ratio"}


@pytest.fixture
def lines(monkeypatch):
    def said(rows, warnings=(), seconds=27.4, moved=None):
        monkeypatch.setattr(closing, "current_scorecard", lambda _: ("2026-03-02T00:00:00Z", rows))
        monkeypatch.setattr(closing, "current_restated", lambda _: moved)
        OUTCOME.warnings = list(warnings)
        found = closing.closing_lines(OUTCOME, Settings(Path("/home"), "/landing"), seconds)
        return [click.unstyle(line) for line in found]

    return said


def test_what_is_not_met_is_named_with_its_value_and_goal(lines):
    rows = [ROW | {"status": "missed"}, ROW | {"status": "at_risk", "previous_value": None}, ROW | {"status": "met"}]
    assert lines(rows) == [
        "published  as of 2026-03-02T00:00:00+00:00 in 27 s; 1,234 rows read, 4 rejected",
        "targets    1 met, 1 at risk, 1 missed, 0 no data",
        "           missed: fcr 55.0% (>= 60.0%, before 61.0%)",
        "           at risk: fcr 55.0% (>= 60.0%)",
        "page       /home/published/current/scorecard.html",
    ]


def test_settled_numbers_that_moved_are_one_line(lines):
    most = [Move("Contact volume", "week", date(2026, 2, 16), 300, 312, "count")] * 3
    found = lines([ROW | {"status": "met"}], moved=Restated(9, 4, ["late_data"], "a", datetime(2026, 3, 1), most))
    assert found[2] == (
        "restated   9 numbers of 4 KPIs since the version as of 2026-03-01T00:00:00Z: late data; "
        "most: Contact volume, week of 2026-02-16, 300 -> 312"
    )
    assert len(found) == 4


def test_many_targets_and_warnings_stay_short(lines):
    found = lines([ROW | {"status": "missed"}] * 9, ["raw/a/b, new_columns: x"] * 7, 125)
    assert "in 2 min 5 s" in found[0]
    assert "           and 4 more missed" in found and "           and 2 more in the log" in found
    assert len(found) == 2 + 6 + 1 + 6 + 1
