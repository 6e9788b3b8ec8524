"""The planted incidents of the sample tell the same story whatever weekday the history ends on."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from ingestion.simulator import write_sample
from ingestion.simulator.incidents import sample_incidents
from tests.simulator import simulated_exports as exports

DAY = 86400


@pytest.fixture(
    scope="module", params=[date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 23)], ids=lambda d: f"{d:%A}"
)
def sample(request, tmp_path_factory) -> tuple[Path, int]:
    """A sample that ends on a Friday, a Saturday (the incidents only half in the window) or a Monday."""
    folder = tmp_path_factory.mktemp("sample")
    write_sample(folder, request.param)
    return folder, exports.midnight(request.param)


def _window(rows: list[tuple], end: int, weeks_ago: int = 0) -> list[tuple]:
    """The six full days before the end, or the same so many weeks ago."""
    last = end - weeks_ago * 7 * DAY
    return [row for row in rows if last - 6 * DAY <= row[0] < last]


def _service_level(waits: list[tuple]) -> float:
    judged = [(waited, answered) for _, waited, answered in waits if answered or waited >= 5]
    return sum(answered and waited <= 20 for waited, answered in judged) / len(judged)


def _abandoned(waits: list[tuple]) -> float:
    judged = [(waited, answered) for _, waited, answered in waits if answered or waited >= 5]
    return sum(not answered for _, answered in judged) / len(judged)


def _on_time(turns: list[tuple], end: int) -> float:
    judged = [wait for asked, wait in turns if wait is not None or asked + DAY < end]
    return sum(wait is not None and wait <= DAY for wait in judged) / len(judged)


def test_friday_outage_costs_the_service_level(sample):
    landing, end = sample
    waits = exports.queue_waits(landing)
    assert _service_level(_window(waits, end)) < 0.78
    assert _abandoned(_window(waits, end)) > 0.10
    assert _service_level(_window(waits, end, 3)) > 0.85


def test_amazon_is_answered_within_a_day_but_for_the_weekend(sample):
    landing, end = sample
    turns = exports.turns(landing, "amazon")
    assert _on_time(_window(turns, end), end) < 0.97
    assert _on_time([turn for turn in turns if turn[0] < end - 14 * DAY], end) == 1.0


def test_messenger_answers_everything_and_nears_the_time_limit(sample):
    landing, end = sample
    turns = _window(exports.turns(landing, "facebook_messenger"), end)
    answered = [wait for _, wait in turns if wait is not None]
    assert len(answered) / len(turns) >= 0.96
    assert 240 < sum(answered) / len(answered) <= 300


def test_ebay_is_silent(sample):
    landing, end = sample
    turns = exports.turns(landing, "ebay")
    assert _window(turns, end, 3) and not [turn for turn in turns if turn[0] >= end - 10 * DAY]


def test_kettles_flood_in(sample):
    landing, end = sample
    created = {
        row["id"]: exports.seconds(row["created_at"])
        for row in exports.zendesk(landing, "tickets")
        if {"product_defect", "kettle_k2"} <= set(row["tags"])
    }
    flood = sum(end - 4 * DAY <= at < end - DAY for at in created.values())
    usual = sum(at < end - 4 * DAY for at in created.values()) / 59 * 3
    assert flood > 20 * usual


@pytest.mark.parametrize("weekday", range(7))
def test_incidents_lie_in_the_window_of_every_weekday(weekday):
    incidents = {incident.name: incident for incident in sample_incidents(weekday)}
    assert len(incidents) == len(sample_incidents(weekday))
    for incident in incidents.values():
        assert incident.start < 0 and incident.end > -6 * DAY and incident.moves
    end = date(2026, 11, 16) + timedelta(days=weekday)
    outage = incidents["friday_outage"]
    assert (exports.midnight(end) + outage.start - exports.midnight(date(2026, 11, 13))) % (7 * DAY) == 14 * 3600
