"""The planted incidents of the sample tell the same story whatever weekday the history ends on."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from ingestion.simulator import write_sample
from ingestion.simulator.incidents import Kind, sample_incidents
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


def _mean(rows: list[dict], number) -> float:
    return sum(number(row) for row in rows) / len(rows)


def _handled(call: dict) -> int:
    return int(call["talk_seconds"]) + int(call["hold_seconds"]) + int(call["wrap_up_seconds"])


def _settled(call: dict) -> bool:
    return call["disposition_class"] == "resolved"


def _happy(answer: dict) -> bool:
    return float(answer["score"]) >= 7.5


def _last_round(landing: Path) -> dict[str, list[dict]]:
    """Answers of the last round of the staff's survey, by team."""
    rows = exports.generic(landing, "employee_survey_responses")
    last = max(row["round_date"] for row in rows)
    return exports.by_ticket([row for row in rows if row["round_date"] == last], "team")


def _answers(rows: list[dict], survey_type: str, channel: str) -> list[tuple[int, int]]:
    """(answered, score) of the last answer to each invitation."""
    last = {}
    for row in rows:
        if row["survey_type"] == survey_type and row["channel"] == channel and row["score"]:
            known = last.get(row["response_id"])
            if known is None or row["answered_at"] > known["answered_at"]:
                last[row["response_id"]] = row
    return [(exports.seconds(row["answered_at"]), int(row["score"])) for row in last.values()]


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
    ordered = [(exports.seconds(r["ordered_at"]), r["marketplace"]) for r in exports.generic(landing, "order_lines")]
    assert max(at for at, marketplace in ordered if marketplace == "ebay") < end - 10 * DAY
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


def test_hurried_hotline_is_faster_and_settles_less(sample):
    landing, end = sample
    border = end - 27 * DAY
    calls = [row for row in exports.generic(landing, "calls") if row["direction"] == "inbound" and row["answered_at"]]
    now = [row for row in calls if exports.seconds(row["arrived_at"]) >= border]
    before = [row for row in calls if exports.seconds(row["arrived_at"]) < border]
    assert _mean(now, _handled) < 0.85 * _mean(before, _handled)
    assert _mean(before, _settled) - _mean(now, _settled) > 0.15


def test_hurried_callers_are_less_satisfied(sample):
    landing, end = sample
    border = end - 27 * DAY
    scores = _answers(exports.generic(landing, "survey_responses"), "csat", "phone")
    now = [score >= 4 for at, score in scores if at >= border]
    before = [score >= 4 for at, score in scores if border - 28 * DAY <= at < border]
    assert min(len(now), len(before)) > 150
    assert sum(before) / len(before) - sum(now) / len(now) > 0.12


def test_customer_care_delights_after_its_workshop(sample):
    landing, end = sample
    weekday = datetime.fromtimestamp(end, UTC).weekday()
    workshop = next(one for one in sample_incidents(weekday) if one.kind is Kind.WORKSHOP)
    assert (weekday + workshop.start // DAY) % 7 == 1
    answers = [row for row in exports.generic(landing, "survey_responses") if row["survey_type"] == "nps"]
    promoters = {True: [], False: []}
    for row in answers:
        if row["score"] and row["team"] == "Customer Care":
            promoters[exports.seconds(row["offered_at"]) >= end + workshop.start].append(int(row["score"]) >= 9)
    after, before = promoters[True], promoters[False]
    assert min(len(after), len(before)) > 80
    assert sum(after) / len(after) > 0.75 > 0.6 > sum(before) / len(before)


def test_the_warehouse_was_behind_for_four_days(sample):
    landing, end = sample
    shipped = [
        (exports.seconds(row["ordered_at"]), row["shipped_at"] > row["ship_by"])
        for row in exports.latest_lines(landing)
        if row["shipped_at"] and row["marketplace"] == "amazon" and row["fulfilled_by"] == "seller"
    ]
    late = [is_late for at, is_late in shipped if end - 14 * DAY <= at < end - 10 * DAY]
    others = [is_late for at, is_late in shipped if not end - 14 * DAY <= at < end - 10 * DAY]
    assert len(late) > 80 and all(late)
    assert len(others) > 1000 and sum(others) / len(others) < 0.01


def test_a_bad_batch_spoils_the_order_defect_rate(sample):
    landing, end = sample
    ordered = {
        row["order_id"]: exports.seconds(row["ordered_at"])
        for row in exports.latest_lines(landing)
        if row["marketplace"] == "amazon"
    }
    bad = {row["order_id"] for row in exports.generic(landing, "ratings") if row["stars"] in "12"}
    bad |= {
        row["order_id"] for row in exports.generic(landing, "order_defects") if row["status"] in ("open", "granted")
    }
    recent = {order for order, at in ordered.items() if end - 59 * DAY <= at}
    batch = {order for order in bad & recent if end - 18 * DAY <= ordered[order] < end - 4 * DAY}
    assert len(recent) > 3000
    assert len(bad & recent) / len(recent) > 0.012 and len(bad & recent - batch) / len(recent) < 0.008


def test_the_recall_brings_a_burst_of_reviews(sample):
    landing, end = sample
    rated = [
        exports.seconds(r["rated_at"]) for r in exports.generic(landing, "ratings") if r["product_id"] == "kettle-k2"
    ]
    first_day = sum(end - 4 * DAY <= at < end - 3 * DAY for at in rated)
    assert first_day > 20 and sum(at < end - 4 * DAY for at in rated) / 59 < 4


def test_hurried_teams_are_unhappy(sample):
    answers = _last_round(sample[0])
    hotlines = [row for team in ("Hotline DE", "Hotline EN", "Shop Hotline") for row in answers[team]]
    others = [row for found in answers.values() for row in found if row not in hotlines]
    assert _mean(hotlines, _happy) < 0.6 < _mean(others, _happy)


def test_a_team_too_small_to_be_shown_and_people_who_stay_away(sample):
    answers = _last_round(sample[0])
    assert len(answers.pop("Complaints Desk")) < 5 <= min(map(len, answers.values()))
    plans = {row["activity_class"] for row in exports.generic(sample[0], "schedule_intervals")}
    assert plans == {"productive", "non_productive", "sick", "time_off"}


@pytest.mark.parametrize("weekday", range(7))
def test_incidents_lie_in_the_window_of_every_weekday(weekday):
    incidents = {incident.name: incident for incident in sample_incidents(weekday)}
    assert len(incidents) == len(sample_incidents(weekday))
    windows = {Kind.LATE_SHIPMENTS: 30, Kind.BAD_BATCH: 60}
    for incident in incidents.values():
        window = windows.get(incident.kind, 7)
        assert incident.start < 0 and incident.end > -(window - 1) * DAY and incident.moves
    end = date(2026, 11, 16) + timedelta(days=weekday)
    outage = incidents["friday_outage"]
    assert (exports.midnight(end) + outage.start - exports.midnight(date(2026, 11, 13))) % (7 * DAY) == 14 * 3600
