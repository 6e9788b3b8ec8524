"""Business time the slow way: walk the local days of an interval with zoneinfo and add up what is open.

Written from the catalogue's prose, independent of the SQL it judges. Instants are aware datetimes in UTC; rows are
dictionaries with the columns of calendars.csv and holidays.csv, dates as `date`, blank as None. No DuckDB here.
"""

from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

MICROSECOND = timedelta(microseconds=1)


def instant_of(day: date, minutes: int, zone: ZoneInfo, *, closing: bool) -> datetime:
    """The instant of a wall-clock time: first occurrence to open, second to close, a skipped time at the change."""
    local = datetime.combine(day, time()) + timedelta(minutes=minutes)
    first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first.astimezone(zone).replace(tzinfo=None) == local:
        return second if closing else first
    # Skipped: fold=1 lands before the change and fold=0 after it; the change is where the offset turns between them.
    before, after = second, first
    while after - before > MICROSECOND:
        middle = before + (after - before) / 2
        if middle.astimezone(zone).utcoffset() == before.astimezone(zone).utcoffset():
            before = middle
        else:
            after = middle
    return after


def open_intervals(calendar: list[dict], start: datetime, end: datetime):
    """Yield every opening as a pair of instants: unclipped, unmerged, a week wider than asked on both sides."""
    for rule in calendar:
        zone = ZoneInfo(rule["time_zone"])
        opens, closes = (int(rule[c][:2]) * 60 + int(rule[c][3:]) for c in ("opens", "closes"))
        day = start.date() - timedelta(days=7)
        while day <= end.date() + timedelta(days=7):
            valid = (rule["valid_from"] or date.min) <= day <= (rule["valid_to"] or date.max)
            if valid and day.isoweekday() == rule["weekday"]:
                yield instant_of(day, opens, zone, closing=False), instant_of(day, closes, zone, closing=True)
            day += timedelta(days=1)


def is_holiday(holidays: list[dict], zone: ZoneInfo, instant: datetime) -> bool:
    day = instant.astimezone(zone).date()
    return any(row["starts_on"] <= day <= row["ends_on"] for row in holidays)


def business_seconds(calendar: list[dict], holidays: list[dict], start: datetime, end: datetime) -> Fraction:
    """Exact open seconds in [start, end): cut at every opening, closing and quarter-hour, judge each piece whole."""
    if not calendar:
        return Fraction((end - start) // MICROSECOND, 1_000_000)
    zone = ZoneInfo(calendar[0]["time_zone"])
    intervals = [pair for pair in open_intervals(calendar, start, end) if pair[1] > start and pair[0] < end]
    cuts = {start, end, *(instant for pair in intervals for instant in pair)}
    # Local midnights and changes of the clock fall on quarter-hours, so no piece holds one inside.
    tick = start.replace(minute=0, second=0, microsecond=0)
    while tick < end:
        cuts.add(tick)
        tick += timedelta(minutes=15)
    ordered = sorted(cut for cut in cuts if start <= cut <= end)
    total = timedelta()
    for left, right in pairwise(ordered):
        if any(a <= left and right <= b for a, b in intervals) and not is_holiday(holidays, zone, left):
            total += right - left
    return Fraction(total // MICROSECOND, 1_000_000)


def is_outside_hours(calendar: list[dict], holidays: list[dict], instant: datetime) -> bool:
    """True when no interval [opens, closes) holds the instant or its local day is a holiday."""
    if not calendar:
        return False
    around = open_intervals(calendar, instant, instant)
    is_open = any(opens <= instant < closes for opens, closes in around)
    return not is_open or is_holiday(holidays, ZoneInfo(calendar[0]["time_zone"]), instant)
