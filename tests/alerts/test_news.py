"""What is news, and what is not."""

from datetime import date, datetime

import pytest

from orchestration.alerts.news import News, of_restated, of_streams, of_targets
from orchestration.lib.restated import Move, Restated

ROW = {
    "target_id": "fcr", "kpi_id": "first_contact_resolution_rate", "name": "First contact resolution", "unit": "ratio",
    "dimension": "channel", "dimension_value": "email", "window_start": date(2026, 2, 3),
    "window_end": date(2026, 3, 2), "value": 0.55, "previous_value": 0.61, "comparator": ">=", "target": 0.6,
}  # fmt: skip
MONDAY, TUESDAY = "2026-03-02T00:00:00+00:00", "2026-03-03T00:00:00+00:00"


def told(status, before=None, offenders=(), since=MONDAY, **changes):
    known = {"fcr": {"status": before, "since": since}} if before else {}
    rows = {"fcr": ROW | {"status": status} | changes}
    return of_targets(rows, known, TUESDAY, lambda _: list(offenders))


def test_a_target_newly_missed_names_kpi_value_target_where_since_when_and_offenders():
    news, known = told("missed", "met", ["team A 40.0% (9 facts)", "team B 50.0% (4 facts)"])
    assert news.title == "Support KPIs: 1 missed"
    assert news.body.splitlines() == [
        "MISSED: First contact resolution (fcr), channel email",
        f"55.0% in 2026-02-03 to 2026-03-02, before 61.0%; target >= 60.0%; since {TUESDAY}, met since {MONDAY}",
        "most from: team A 40.0% (9 facts); team B 50.0% (4 facts)",
    ]
    assert known == {"fcr": {"status": "missed", "since": TUESDAY}}


@pytest.mark.parametrize("status", ["missed", "at_risk", "met", "no_data"])
def test_what_stays_as_it_was_is_no_news_and_keeps_its_date(status):
    news, known = told(status, status)
    assert news.lines == [] and known == {"fcr": {"status": status, "since": MONDAY}}


@pytest.mark.parametrize(
    ("before", "now", "heading"),
    [
        (None, "missed", "MISSED"), (None, "at_risk", "AT RISK"), (None, "met", None), (None, "no_data", None),
        ("missed", "at_risk", "AT RISK"), ("at_risk", "missed", "MISSED"), ("missed", "met", "RECOVERED"),
        ("at_risk", "met", "RECOVERED"), ("missed", "no_data", "NO DATA ANY MORE"), ("met", "no_data", None),
        ("no_data", "met", None), ("no_data", "missed", "MISSED"),
    ],
)  # fmt: skip
def test_which_changes_are_news(before, now, heading):
    news, _ = told(now, before)
    assert [line.split(":")[0] for line in news.lines] == ([heading] if heading else [])


def test_a_target_without_a_value_is_told_without_one():
    news, _ = told("no_data", "missed", value=None, previous_value=None)
    assert "\n- in 2026-02-03" in news.body and "most from" not in news.body


def test_a_target_that_is_gone_is_forgotten():
    assert of_targets({}, {"fcr": {"status": "missed", "since": MONDAY}}, TUESDAY, lambda _: [])[1] == {}


def test_the_worst_comes_first():
    rows = {name: ROW | {"target_id": name, "status": status} for name, status in
            (("a", "met"), ("b", "at_risk"), ("c", "missed"))}  # fmt: skip
    before = {name: {"status": "no_data" if name != "a" else "missed", "since": MONDAY} for name in rows}
    news, _ = of_targets(rows, before, TUESDAY, lambda _: [])
    assert [line.split(":")[0] for line in news.lines] == ["MISSED", "AT RISK", "RECOVERED"]
    assert news.title == "Support KPIs: 1 missed, 1 at risk, 1 recovered"


def test_streams_are_told_when_they_become_stale_and_when_fresh_again():
    news = News()
    assert of_streams([("generic/calls", "40 h")], [], news) == ["generic/calls"]
    assert of_streams([("generic/calls", "64 h"), ("a/b", "1")], ["generic/calls"], news) == ["generic/calls", "a/b"]
    assert of_streams([], ["a/b"], news) == []
    assert news.lines == ["STALE: generic/calls, 40 h", "STALE: a/b, 1", "FRESH AGAIN: a/b"]


def test_numbers_that_moved_are_one_paragraph_and_told_once():
    moves = [
        Move("CSAT", "week", date(2026, 2, 16), 0.75, 0.7419, "ratio"),
        Move("New", "month", date(2026, 1, 1), None, 3, "count"),
    ]
    found = Restated(1234, 2, ["late_data"], "r1", datetime(2026, 3, 2), moves)
    news = News()
    told = of_restated(found, "", news)
    assert news.title == "Support KPIs: 1,234 restated"
    assert news.body.splitlines() == [
        "RESTATED: 1,234 numbers of 2 KPIs since the version as of 2026-03-02T00:00:00Z: late data (version r1)",
        "most: CSAT, week of 2026-02-16, 75.0% -> 74.2%; New, month of 2026-01-01, - -> 3",
    ]
    for found_now, before in ((found, told), (None, told)):
        again = News()
        assert of_restated(found_now, before, again) == (told if found_now else "") and again.lines == []
