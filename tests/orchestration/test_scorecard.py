"""The scorecard as text."""

from datetime import date
from decimal import Decimal

import click
import pytest

from orchestration.lib import scorecard
from orchestration.lib.targets import show

ROW = {
    "target_id": "email_reply_24h",
    "kpi_id": "response_within_target_rate",
    "name": "Replies <in time>",
    "unit": "ratio",
    "dimension": "channel",
    "dimension_value": "e-mail & chat",
    "window_start": date(2026, 2, 24),
    "window_end": date(2026, 3, 2),
    "value": 0.9,
    "previous_value": None,
    "comparator": ">=",
    "target": Decimal("0.95"),
    "trend": None,
    "status": "missed",
}


def test_the_text_holds_value_goal_and_status_in_one_line():
    text = click.unstyle(scorecard.as_text([ROW], "2026-03-02T00:00:00Z"))
    line = next(line for line in text.splitlines() if line.startswith("email_reply_24h"))
    assert "90.0%" in line and ">= 95.0%" in line and line.endswith("MISSED")


def test_markdown_begins_with_what_is_missed_and_keeps_its_columns():
    lines = scorecard.as_markdown([ROW | {"status": "met"}, ROW | {"name": "a|b"}]).splitlines()
    assert [line.count("|") for line in lines] == [10, 10, 10, 10]
    assert "a/b" in lines[2] and lines[2].endswith("MISSED |") and "Replies &lt;in time>" in lines[3]


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (None, "ratio", "-"),
        (0.8613, "ratio", "86.1%"),
        (20, "seconds", "20 s"),
        (1200, "seconds", "20 min"),
        (Decimal("86400"), "seconds", "24 h"),
        (1234, "count", "1,234"),
        (0, "count", "0"),
        (4.256, "points", "4.26"),
        (5, None, "5"),
    ],
)
def test_values_are_written_with_their_unit(value, unit, shown):
    assert show(value, unit) == shown
