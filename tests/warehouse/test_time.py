"""When a local date begins, against the time zone database of Python: twice midnight, no midnight, usual days."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import duckdb
import pytest

from tests.macros import rendered

SQL = rendered("{{ local_midnight('day', 'zone') }}")


def first_instant(day: date, zone: str) -> datetime:
    """The first minute, in UTC, whose local date it is."""
    minute = datetime.combine(day, time(), UTC) - timedelta(hours=16)
    while minute.astimezone(ZoneInfo(zone)).date() < day:
        minute += timedelta(minutes=1)
    return minute.replace(tzinfo=None)


@pytest.mark.parametrize(
    ("day", "zone", "begins"),
    [
        # Clocks go from one o'clock back to midnight: the day has two, an hour apart.
        ("2024-11-03", "America/Havana", "2024-11-03 04:00"),
        # From midnight on to one o'clock: it has none.
        ("2024-04-26", "Africa/Cairo", "2024-04-25 22:00"),
        ("2024-03-10", "America/Havana", "2024-03-10 05:00"),
        # From midnight back to eleven, which is of the day before.
        ("2024-11-01", "Africa/Cairo", "2024-10-31 22:00"),
        ("2024-10-27", "Europe/Berlin", "2024-10-26 22:00"),
        ("2024-10-28", "Europe/Berlin", "2024-10-27 23:00"),
        ("2024-04-07", "Australia/Lord_Howe", "2024-04-06 13:00"),
        ("2024-01-01", "Asia/Kathmandu", "2023-12-31 18:15"),
    ],
)
def test_a_date_begins_once(day, zone, begins):
    question = f"select {SQL} from (select cast(? as date) as day, ? as zone) as told"
    [(found,)] = duckdb.execute(question, [day, zone]).fetchall()
    assert found == datetime.fromisoformat(begins) == first_instant(date.fromisoformat(day), zone)
