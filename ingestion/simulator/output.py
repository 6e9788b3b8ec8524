"""Files of the landing area: instants as text, plain, .gz and .zst writers that give the same bytes for the same rows.

Belongs here: bytes, names of files, the relation of simulated seconds to the calendar.
Does not belong here: what stands in a row.
"""

import gzip
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import zstandard

DAY = 86400


class Calendar:
    """Simulated time is whole seconds before `end` (negative); here it becomes text. Nothing reads the clock."""

    def __init__(self, end: date, days: int) -> None:
        self.end, self.days, self.weekday = end, days, end.weekday()
        self.epoch_of_end = int(datetime(end.year, end.month, end.day, tzinfo=UTC).timestamp())
        self._times = [f"T{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}Z" for s in range(DAY)]
        self._dates: dict[int, str] = {}

    def date(self, day: int) -> str:
        """ISO date of a day number (-1 = the last day of the history)."""
        text = self._dates.get(day)
        if text is None:
            text = self._dates[day] = (self.end + timedelta(days=day)).isoformat()
        return text

    def iso(self, second: int) -> str:
        """ISO 8601 instant in UTC, `Z`."""
        day, rest = divmod(second, DAY)
        return self.date(day) + self._times[rest]

    def iso_or_blank(self, second: int | None) -> str:
        """The instant for a CSV cell; blank for what has not happened."""
        return "" if second is None else self.iso(second)

    def iso_or_null(self, second: int | None) -> str:
        """The instant as a JSON literal; `null` for what has not happened."""
        return "null" if second is None else f'"{self.iso(second)}"'

    def epoch(self, second: int) -> int:
        """Unix seconds."""
        return self.epoch_of_end + second

    def weekday_of(self, day: int) -> int:
        """0 = Monday."""
        return (self.weekday + day) % 7


def write_file(path: Path, text: str) -> None:
    """Writes one whole file, compressed as its suffix says."""
    writer = LineFile(path)
    writer.write_text(text)
    writer.close()


class LineFile:
    """A file that is filled day by day; only the day in hand is in memory."""

    def __init__(self, path: Path, header: str | None = None) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._raw = path.open("wb")
        if path.suffix == ".gz":
            # No name and no time in the header: the bytes depend on the rows alone.
            self._out = gzip.GzipFile(filename="", mode="wb", compresslevel=1, fileobj=self._raw, mtime=0)
        elif path.suffix == ".zst":
            self._out = zstandard.ZstdCompressor(level=1).stream_writer(self._raw, closefd=False)
        else:
            self._out = self._raw
        if header is not None:
            self.write_text(header + "\n")

    def write_text(self, text: str) -> None:
        """Appends text as UTF-8."""
        self._out.write(text.encode())

    def close(self) -> None:
        """Ends the compressed frame and the file."""
        if self._out is not self._raw:
            self._out.close()
        self._raw.close()


class WeeklyStream:
    """One stream of the landing area as a file per week, the last one ending with the history.

    `suffixes` alternate from file to file; a week without rows still has its (header-only) file if there is a header.
    """

    def __init__(
        self,
        landing: Path,
        calendar: Calendar,
        source: str,
        stream: str,
        *,
        suffixes: Iterable[str],
        header: str | None = None,
        separator: str = "\n",
    ) -> None:
        self._folder, self._stream, self._calendar = landing / source / stream, stream, calendar
        self._suffixes, self._header, self._separator = tuple(suffixes), header, separator
        self._file: LineFile | None = None

    def add(self, day: int, rows: list[str]) -> None:
        """Appends the rows of a day (days come in order) and closes the file at the week's end."""
        if rows or self._header is not None:
            if self._file is None:
                last = day - (day + 1) % 7 + (7 if (day + 1) % 7 else 0)
                week = (-1 - last) // 7
                name = f"{self._stream}_{self._calendar.date(last)}{self._suffixes[week % len(self._suffixes)]}"
                self._file = LineFile(self._folder / name, self._header)
            if rows:
                self._file.write_text(self._separator.join(rows) + self._separator)
        if (day + 1) % 7 == 0 and self._file is not None:
            self._file.close()
            self._file = None
