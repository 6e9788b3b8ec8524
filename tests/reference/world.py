"""What the reference reads: the rows of the generic streams, the configuration tables, the settings and `as_of`.

Instants are aware datetimes in UTC, durations numbers of seconds, blank cells None. The order of a list is the order of
loading. Nothing is computed here.
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

SOURCE = "generic"


@dataclass(frozen=True)
class World:
    streams: dict[str, list[dict]]
    configuration: dict[str, list[dict]]
    settings: dict
    as_of: datetime
    #: Spans of local days (both ends inclusive) to be looked at instead of days, weeks and months; what
    #: looks back over days itself, or is taken at the end of one, has no rows then.
    spans: tuple[tuple[date, date], ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        """The reporting time zone."""
        return ZoneInfo(self.settings["time_zone"])

    def local_day(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()

    def rows(self, stream: str) -> list[dict]:
        return self.streams.get(stream, [])

    def table(self, name: str) -> list[dict]:
        """The rows of a configuration table that hold for this source, in the order of the file."""
        rows = self.configuration.get(name, [])
        return [row for row in rows if row.get("source") in (None, SOURCE) or name in ("targets", "calendars")]

    def table_in_force(self, name: str, day: date) -> list[dict]:
        """Both ends of a validity are inclusive, blank is open."""
        rows = self.table(name)
        return [row for row in rows if (row["valid_from"] or date.min) <= day <= (row["valid_to"] or date.max)]
