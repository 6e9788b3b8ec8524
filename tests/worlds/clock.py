"""Instants of a generated world: few of them, so that they collide, and many of them where clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

#: Zone -> local days on which its clock changes or does something else worth seeing.
ZONES = {
    "Africa/Cairo": [date(2024, 4, 26), date(2024, 10, 31), date(2024, 11, 1)],
    "America/New_York": [date(2024, 3, 10), date(2024, 11, 3)],
    "Asia/Kolkata": [date(2024, 2, 29), date(2024, 12, 31)],
    "America/St_Johns": [date(2024, 3, 10), date(2024, 11, 3)],
    "Europe/Berlin": [date(2024, 3, 31), date(2024, 10, 27)],
    "UTC": [date(2024, 2, 29), date(2024, 7, 1)],
}
SPAN_DAYS = 9


class Clock:
    """Draws instants within a few days around a day of interest in one zone."""

    def __init__(self, pick: Random, zone: str) -> None:
        self.pick, self.name, self.zone = pick, zone, ZoneInfo(zone)
        self.first = pick.choice(ZONES[zone]) - timedelta(days=pick.randrange(SPAN_DAYS))

    def day(self) -> date:
        return self.first + timedelta(days=self.pick.randrange(SPAN_DAYS))

    def local(self, day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
        local = datetime.combine(day, time(hour, minute, second), tzinfo=self.zone)
        return local.replace(fold=self.pick.randrange(2)).astimezone(UTC)

    def instant(self) -> datetime:
        """Local midnights, opening times and the hours of clock changes come up often."""
        hour = self.pick.choice([0, 0, 1, 2, 2, 3, 8, 9, 12, 17, 18, 23])
        minute = self.pick.choice([0, 0, 0, 15, 30, 59])
        return self.local(self.day(), hour, minute, self.pick.choice([0, 0, 0, 0, 1, 59]))

    def after(self, instant: datetime) -> datetime:
        """The same second, seconds, minutes, hours or days later."""
        step = self.pick.choice([0, 1, 30, 60, 300, 3600, 5400, 6 * 3600, 12 * 3600, 86400, 90000, 2 * 86400])
        if self.pick.random() < 0.1:
            return instant + timedelta(seconds=step, microseconds=500_000)
        return instant + timedelta(seconds=step + self.pick.choice([0, 0, 0, 1, -1 if step else 0, 7]))

    def as_of(self, instants: list[datetime]) -> datetime:
        """After everything, at an event's very second, a second beside it, at any time, or before everything."""
        way = self.pick.choice(["after", "after", "after", "event", "event", "beside", "any", "before"])
        if way == "event" and instants:
            return self.pick.choice(instants)
        if way == "beside" and instants:
            return self.pick.choice(instants) + timedelta(seconds=self.pick.choice([-1, 1]))
        if way == "any":
            return self.instant()
        if way == "before":
            return self.local(self.first - timedelta(days=1), 12)
        last = max(instants, default=self.local(self.first, 12))
        return last + timedelta(seconds=self.pick.choice([0, 1, 3600, 86400, 10 * 86400]))
