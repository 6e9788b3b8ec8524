"""Business time: the SQL against numbers worked out by hand and against the plain-Python reference.

The calendar models are built once, in a project of their own with stand-ins for the facts; the questions are then
asked in one statement through the macros. What one model does stands in its unit tests, not here.
"""

import json
import random
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tests.reference import business_time

PROJECT = Path(__file__).parents[2] / "dbt_project"
ZONES = ["Africa/Cairo", "America/New_York", "Asia/Kolkata", "America/St_Johns", "Europe/Berlin", "Australia/Lord_Howe"]
FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC)
SOURCES = {
    "raw": ["zendesk__schedules", "zendesk__holidays"],
    "control": ["run_settings", "cfg_calendars", "cfg_holidays"],
}
QUESTIONS = """
select
    questions.question_no,
    {{ business_seconds('questions.starts_at', 'questions.ends_at', 'opened', 'closed') }} as business_seconds,
    {{ is_outside_hours('opened') }} as is_outside_hours
from questions
{{ join_business_time('questions.calendar_id', 'questions.starts_at', 'opened') }}
{{ join_business_time('questions.calendar_id', 'questions.ends_at', 'closed') }}
order by questions.question_no
"""


def rule(calendar_id, zone, weekday, opens, closes, valid_from=None, valid_to=None):
    return {
        "calendar_id": calendar_id, "time_zone": zone, "weekday": weekday, "opens": opens, "closes": closes,
        "valid_from": valid_from, "valid_to": valid_to,
    }  # fmt: skip


def holiday(calendar_id, starts_on, ends_on):
    return {"calendar_id": calendar_id, "starts_on": starts_on, "ends_on": ends_on, "name": "holiday"}


def every_day(calendar_id, zone, opens, closes, **valid):
    return [rule(calendar_id, zone, weekday, opens, closes, **valid) for weekday in range(1, 8)]


def schedule(schedule_id, load_no, *intervals):
    pairs = [{"start_time": start, "end_time": end} for start, end in intervals]
    named = {"schedule_id": schedule_id, "time_zone": "UTC", "intervals": json.dumps(pairs)}
    return named | {"updated_at": None, "_load_no": load_no, "_row_no": 1}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


HAND_CALENDARS = [
    *every_day("split", "UTC", "09:00", "12:00"),
    *every_day("split", "UTC", "13:00", "17:00"),
    *every_day("evening", "UTC", "18:00", "24:00"),
    *every_day("evening", "UTC", "00:00", "02:00"),
    *every_day("always", "Europe/Berlin", "00:00", "24:00"),
    *every_day("crossed", "America/New_York", "00:00", "24:00"),
    *every_day("cairo", "Africa/Cairo", "00:00", "24:00"),
    *every_day("cairo_night", "Africa/Cairo", "00:00", "02:00"),
    *every_day("ny_night", "America/New_York", "01:00", "03:00"),
    *every_day("ny_skipped", "America/New_York", "02:15", "02:45"),
    *every_day("ny_repeated", "America/New_York", "01:15", "01:45"),
    *every_day("changed", "UTC", "09:00", "17:00", valid_to=date(2024, 5, 15)),
    *every_day("changed", "UTC", "10:00", "14:00", valid_from=date(2024, 5, 16)),
    *every_day("overlap", "UTC", "09:00", "13:00"),
    *every_day("overlap", "UTC", "12:00", "17:00"),
    *every_day("zendesk/3", "UTC", "08:00", "09:00"),
]
HAND_HOLIDAYS = [
    holiday("always", date(2024, 5, 1), date(2024, 5, 1)),
    holiday("crossed", date(2024, 7, 4), date(2024, 7, 5)),
]
SCHEDULES = [
    schedule("1", 1, (0, 1440)),
    schedule("1", 2, (1980, 2460), (10020, 10080)),
    schedule("2", 2),
    schedule("3", 2, (0, 10080)),
]
ZENDESK_HOLIDAYS = [
    {"schedule_id": "1", "start_date": date(2024, 5, 13), "end_date": date(2024, 5, 13), "_load_no": 3},
    {"schedule_id": "1", "start_date": date(2024, 5, 20), "end_date": date(2024, 5, 20), "_load_no": 4},
    {"schedule_id": None, "start_date": date(2024, 5, 27), "end_date": date(2024, 5, 27), "_load_no": 2},
]
# calendar, start, end (UTC), seconds, working
BY_HAND = [
    ("split", "2024-05-14 08:00", "2024-05-14 18:00", "25200", "3 h + 4 h: the lunch hour is closed"),
    ("split", "2024-05-14 11:30", "2024-05-15 13:00:00.25", "27000.25", "0.5 h, 4 h, 3 h, then a quarter second"),
    ("split", "2024-05-14 12:00", "2024-05-14 13:00", "0", "starts as it closes, ends as it opens"),
    ("split", "2024-05-14 09:00", "2024-05-14 12:00", "10800", "exactly one interval"),
    ("split", "2024-05-14 11:00", "2024-05-14 10:00", "-3600", "a clock fault counts backwards"),
    ("evening", "2024-05-14 23:00", "2024-05-15 03:00", "10800", "1 h up to 24:00, 2 h from 00:00"),
    ("always", "2024-04-30 21:00", "2024-05-01 23:00", "7200", "Berlin's 1 May: an hour before, an hour after"),
    ("crossed", "2024-07-04 03:00", "2024-07-06 05:00", "7200", "New York's 4 and 5 July end at 04:00 UTC"),
    ("cairo", "2024-04-25 21:00", "2024-04-26 22:00", "90000", "24/7 is elapsed time: 25 h"),
    ("cairo_night", "2024-04-25 12:00", "2024-04-26 12:00", "3600", "Friday has no 00:00-01:00"),
    ("cairo_night", "2024-10-31 12:00", "2024-11-01 12:00", "7200", "the repeated hour is Thursday's, not Friday's"),
    ("ny_night", "2024-03-10 04:00", "2024-03-10 12:00", "3600", "01:00-03:00 without the hour from 02:00"),
    ("ny_night", "2024-11-03 04:00", "2024-11-03 12:00", "10800", "01:00-03:00 with the hour from 01:00 twice"),
    ("ny_skipped", "2024-03-10 00:00", "2024-03-11 00:00", "0", "both ends move to the change"),
    ("ny_repeated", "2024-11-03 00:00", "2024-11-04 00:00", "5400", "first 01:15 to second 01:45"),
    ("changed", "2024-05-15 16:00", "2024-05-16 20:00", "18000", "1 h of the old schedule, 4 h of the new"),
    ("overlap", "2024-05-14 00:00", "2024-05-15 00:00", "28800", "09:00-17:00 once"),
    ("zendesk/1", "2024-05-05 00:00", "2024-05-12 00:00", "32400", "Monday 09:00-17:00 and Saturday's last hour"),
    ("zendesk/1", "2024-05-13 00:00", "2024-05-14 00:00", "28800", "a holiday the latest snapshot no longer has"),
    ("zendesk/1", "2024-05-20 00:00", "2024-05-21 00:00", "0", "a holiday of the schedule"),
    ("zendesk/1", "2024-05-27 00:00", "2024-05-28 00:00", "0", "a holiday of every schedule"),
    ("zendesk/2", "2024-05-05 00:00", "2024-05-12 00:00", "0", "a schedule that never opens"),
    ("zendesk/3", "2024-05-05 00:00", "2024-05-06 00:00", "3600", "the configured calendar of the name replaces it"),
    ("unknown", "2024-05-05 00:00", "2024-05-06 00:00", "86400", "no such calendar: 24/7"),
    (None, "2024-05-05 00:00:00.000001", "2024-05-06 00:00", "86399.999999", "elapsed, to the microsecond"),
    ("split", "1999-01-01 00:00", "1999-06-01 00:00", "0", "nothing is open before the range of the facts"),
]
OUTSIDE = [
    ("split", "2024-05-14 08:59:59.999999", True), ("split", "2024-05-14 09:00", False),
    ("split", "2024-05-14 11:59:59.999999", False), ("split", "2024-05-14 12:00", True),
    ("evening", "2024-05-15 00:00", False), ("evening", "2024-05-15 02:00", True),
    ("always", "2024-04-30 21:59:59", False), ("always", "2024-04-30 22:00", True),
    ("always", "2024-05-01 22:00", False),
    ("zendesk/2", "2024-05-05 00:00", True), ("unknown", "2024-05-05 00:00", False), (None, "2024-05-05 00:00", False),
]  # fmt: skip


def random_cases(seed: int, calendars: int, questions: int):
    """Calendars with up to three intervals a day, history and holidays; questions crowd around changes of the clock."""
    pick = random.Random(seed)
    changes = [at(f"2024-{day}") for day in ("03-10", "03-31", "04-07", "04-25", "10-06", "10-27", "10-31", "11-03")]
    rules, holidays, asked = [], [], []
    for number in range(calendars):
        calendar_id, zone = f"random{number}", ZONES[number % len(ZONES)]
        for weekday in range(1, 8):
            for _ in range(pick.choice([0, 1, 1, 2, 3])):
                opens, closes = sorted(pick.sample(range(0, 1441, pick.choice([1, 15, 60])), 2))
                texts = [f"{minute // 60:02}:{minute % 60:02}" for minute in (opens, closes)]
                since = pick.choice([None, None, date(2024, 4, pick.randint(1, 30))])
                until = pick.choice([None, None, date(2024, 10, pick.randint(1, 31))])
                rules.append(rule(calendar_id, zone, weekday, *texts, since, until))
        for change in pick.sample(changes, 3):
            day = change.date() + timedelta(days=pick.randint(-2, 2))
            holidays.append(holiday(calendar_id, day, day + timedelta(days=pick.randint(0, 2))))
        for _ in range(questions):
            start = pick.choice(changes) + timedelta(microseconds=pick.randrange(-2 * 86400 * 10**6, 2 * 86400 * 10**6))
            asked.append((calendar_id, start, start + timedelta(microseconds=pick.randrange(4 * 86400 * 10**6))))
    return rules, holidays, asked


RULES, HOLIDAYS, ASKED = random_cases(seed=20240426, calendars=60, questions=10)


def fill(warehouse: Path) -> None:
    """The control and raw tables that the calendar models read."""
    with duckdb.connect(str(warehouse)) as con:
        con.execute("create schema control; create schema raw")
        con.execute("create table control.news as select null::timestamp as seen_as_of, []::varchar[] as whole")
        con.execute("create table control.run_settings as select ?::timestamp as as_of, 'UTC' as time_zone", [LAST])
        con.execute(
            "create table control.cfg_calendars (calendar_id varchar, time_zone varchar, weekday bigint,"
            " opens varchar, closes varchar, valid_from date, valid_to date);"
            "create table control.cfg_holidays (calendar_id varchar, starts_on date, ends_on date, name varchar);"
            "create table raw.zendesk__schedules"
            " (schedule_id varchar, time_zone varchar, intervals varchar, updated_at timestamp, _load_no bigint,"
            " _row_no bigint);"
            "create table raw.zendesk__holidays (schedule_id varchar, start_date date, end_date date, _load_no bigint);"
            "create table questions (question_no bigint, calendar_id varchar, starts_at timestamp, ends_at timestamp)"
        )
        for table, rows in {
            "control.cfg_calendars": HAND_CALENDARS + RULES,
            "control.cfg_holidays": HAND_HOLIDAYS + HOLIDAYS,
            "raw.zendesk__schedules": SCHEDULES,
            "raw.zendesk__holidays": ZENDESK_HOLIDAYS,
        }.items():
            marks = ", ".join("?" * len(rows[0]))
            con.executemany(f"insert into {table} values ({marks})", [[*row.values()] for row in rows])
        asked = [(c, at(s), at(e)) for c, s, e, *_ in BY_HAND] + [(c, at(i), at(i)) for c, i, _ in OUTSIDE] + ASKED
        naive = [(no, c, s.replace(tzinfo=None), e.replace(tzinfo=None)) for no, (c, s, e) in enumerate(asked)]
        con.executemany("insert into questions values (?, ?, ?, ?)", naive)


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """business_seconds and is_outside_hours of every question, in order: BY_HAND, OUTSIDE, ASKED."""
    root = tmp_path_factory.mktemp("calendar")
    shutil.copytree(PROJECT / "macros", root / "macros")
    shutil.copytree(PROJECT / "models" / "unified" / "calendar", root / "models" / "unified" / "calendar")
    for name in ("stg_zendesk__calendars.sql", "stg_zendesk__holidays.sql"):
        shutil.copy(PROJECT / "models" / "staging" / "zendesk" / name, root / "models" / name)
    shutil.copy(PROJECT / "dbt_project.yml", root)
    tables = [{"name": name, "tables": [{"name": table} for table in names]} for name, names in SOURCES.items()]
    (root / "models" / "sources.yml").write_text(json.dumps({"version": 2, "sources": tables}))
    (root / "models" / "int_tickets.sql").write_text(f"select timestamp '{FIRST:%F}' as created_at")
    (root / "models" / "int_calls.sql").write_text(
        "select cast(null as timestamp) as arrived_at, cast(null as timestamp) as queued_at"
    )
    for name in ("int_schedule_intervals", "int_status_intervals"):
        (root / "models" / f"{name}.sql").write_text("select cast(null as timestamp) as starts_at")
    (root / "models" / "answers.sql").write_text(QUESTIONS)
    output = {"type": "duckdb", "path": str(root / "warehouse.duckdb"), "schema": "main", "threads": 2}
    profile = {"support_kpis": {"target": "duckdb", "outputs": {"duckdb": output}}}
    (root / "profiles.yml").write_text(json.dumps(profile))
    fill(root / "warehouse.duckdb")
    # A process of its own: dbt keeps the warehouse open as long as it lives.
    dbt = [sys.executable, "-m", "dbt.cli.main", "--quiet", "run", "--project-dir", ".", "--profiles-dir", "."]
    outcome = subprocess.run(dbt, cwd=root, capture_output=True, text=True, check=False)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    with duckdb.connect(str(root / "warehouse.duckdb"), read_only=True) as con:
        return con.execute("select business_seconds, is_outside_hours from answers order by question_no").fetchall()


@pytest.mark.parametrize("number", range(len(BY_HAND)), ids=lambda n: f"{BY_HAND[n][0]} {BY_HAND[n][1]}")
def test_worked_out_by_hand(answers, number):
    *_, seconds, working = BY_HAND[number]
    assert answers[number][0] == Decimal(seconds), working


def test_intervals_are_open_at_their_start_and_closed_at_their_end(answers):
    part = answers[len(BY_HAND) : len(BY_HAND) + len(OUTSIDE)]
    assert [outside for _, outside in part] == [expected for *_, expected in OUTSIDE]


def test_agrees_with_the_plain_reference_around_changes_of_the_clock(answers):
    part = answers[len(BY_HAND) + len(OUTSIDE) :]
    assert len(part) == len(ASKED)
    for (calendar_id, start, end), (seconds, outside) in zip(ASKED, part, strict=True):
        calendar = [row for row in RULES if row["calendar_id"] == calendar_id]
        holidays = [row for row in HOLIDAYS if row["calendar_id"] == calendar_id]
        expected = business_time.business_seconds(calendar, holidays, start, end)
        assert seconds == Decimal(expected.numerator) / expected.denominator, (calendar_id, start, end)
        assert outside == business_time.is_outside_hours(calendar, holidays, start), (calendar_id, start)
