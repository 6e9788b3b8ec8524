"""Business seconds of many intervals in 20 calendars over three years, and whether their length matters."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import duckdb

from ingestion.settings import CHECKOUT
from tests.benchmarks import compiled
from tests.benchmarks.measure import Row, alternating, once_prepared

INTERVALS = 5_000_000
CALENDARS = 20
ZONES = ("Europe/Berlin", "America/New_York", "Africa/Cairo", "Asia/Kolkata", "America/St_Johns")
#: Longest interval of the two kinds, in seconds.
SHORT, LONG = 3600, 90 * 86400
ASKED = """
select cast('c' || (number % {calendars}) as varchar) as calendar_id, starts_at,
    starts_at + to_seconds(cast(hash(number + 1) % {longest} as bigint)) as ends_at
from (
    select number, timestamp '2023-01-02' + to_seconds(cast(hash(number) % 86400000 as bigint)) as starts_at
    from range({intervals}) as numbers (number)
)
"""
JINJA = """
select sum({{ business_seconds('asked.starts_at', 'asked.ends_at', 'opened', 'closed') }}) as seconds from asked
{{ join_business_time('asked.calendar_id', 'asked.starts_at', 'opened') }}
{{ join_business_time('asked.calendar_id', 'asked.ends_at', 'closed') }}
"""


def rows(folder: Path, scale: float, times: int) -> Iterator[Row]:
    given = once_prepared(folder, "calendars", _calendars)
    intervals = round(INTERVALS * scale)
    (given / "intervals.txt").write_text(str(intervals))
    timed = alternating(__name__, ("short_intervals", "long_intervals", "half_as_many"), given, times)
    short, long, half = (timed[way].seconds for way in ("short_intervals", "long_intervals", "half_as_many"))
    what = f"business seconds of {intervals:,} intervals, 20 calendars"
    yield Row(f"{what}, up to 90 days", f"{long:.2f} s", f"up to an hour {short:.2f} s", long / short, "≤ 5 s")
    yield Row(f"{what}, to half as many", f"{long:.2f} s", f"{half:.2f} s", long / half, "linear: 2")


def _calendars(draft: Path) -> None:
    config = draft / "config"
    config.mkdir()
    # Beside those that the shipped configuration names.
    lines = (CHECKOUT / "dbt_project" / "config" / "calendars.csv").read_text().splitlines()
    for number in range(CALENDARS):
        zone, opens = ZONES[number % len(ZONES)], 6 + number % 4
        lines += [f"c{number},{zone},{day},{opens:02}:00,{opens + 9:02}:30,," for day in range(1, 7)]
    (config / "calendars.csv").write_text("\n".join(lines) + "\n")
    warehouse = compiled.prepared(draft)
    models = compiled.models(draft, "+int_calendar_days")
    (draft / "asked.sql").write_text(compiled.inline(draft, JINJA))
    with duckdb.connect(str(warehouse)) as con:
        con.execute("set TimeZone = 'UTC'")
        for name, sql in models:
            if name == "int_calendar_range":
                sql = "select date '2023-01-01' as first_day, date '2026-01-01' as last_day"
            con.execute(f"create or replace table main.{name} as {sql}")


def short_intervals(given: Path, work: Path) -> float:
    return _seconds(given, SHORT, 1)


def long_intervals(given: Path, work: Path) -> float:
    return _seconds(given, LONG, 1)


def half_as_many(given: Path, work: Path) -> float:
    return _seconds(given, LONG, 2)


def _seconds(given: Path, longest: int, part: int) -> float:
    intervals = int((given / "intervals.txt").read_text()) // part
    with duckdb.connect(str(given / "warehouse" / "warehouse.duckdb"), read_only=True) as con:
        con.execute("set TimeZone = 'UTC'")
        asked = ASKED.format(calendars=CALENDARS, longest=longest, intervals=intervals)
        con.execute(f"create temp table asked as {asked}")
        sql = (given / "asked.sql").read_text()
        began = time.perf_counter()
        con.execute(sql).fetchall()
        return time.perf_counter() - began
