"""What the launch form of a run says about loading: which streams, which files, what is read again.

Belongs here: reading the form's texts. Not here: its fields and defaults (lib.nightly_run), and loading (ingestion/).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ingestion.adapters import STREAMS
from ingestion.errors import ConfigError
from ingestion.streams import StreamId


@dataclass(frozen=True)
class Asked:
    """`streams`: to load, of those that the run has selected; `changed`: only files last changed from the one instant
    to before the other, None without a bound; `reloads`: to forget and read again."""

    streams: set[StreamId]
    changed: tuple[datetime | None, datetime | None]
    reloads: set[StreamId]


def read_form(
    sources: list[str], files_from: str | None, files_until: str | None, reload: list[str], time_zone: str
) -> Asked:
    """What the fields ask for. Days are local to `time_zone`. Raises ConfigError naming the field and its remedy."""
    first, last = _day("files_from", files_from), _day("files_until", files_until)
    if first and last and first > last:
        raise ConfigError(f"files_from {first} is later than files_until {last}; swap them")
    begin = _midnight(first, time_zone) if first else None
    end = _midnight(last + timedelta(days=1), time_zone) if last else None
    return Asked(_streams(sources), (begin, end), parse_reloads(reload))


def parse_reloads(names: list[str]) -> set[StreamId]:
    """`zendesk/tickets` -> ("zendesk", "tickets"), `all` -> all. Raises ConfigError for one that no adapter reads."""
    if "all" in names:
        return set(STREAMS)
    parsed = {tuple(name.split("/", 1)) for name in names}
    for unknown in sorted(parsed - set(STREAMS)):
        known = " ".join(sorted("/".join(stream) for stream in STREAMS))
        raise ConfigError(f"--reload {'/'.join(unknown)}: no such stream; there are {known}")
    return parsed


def _streams(names: list[str]) -> set[StreamId]:
    """The streams of all these sources and streams; all there are for none."""
    if not names:
        return set(STREAMS)
    found = {id for id in STREAMS if id[0] in names or "/".join(id) in names}
    known = {source for source, _ in STREAMS} | {"/".join(id) for id in STREAMS}
    for unknown in sorted(set(names) - known):
        there = " ".join(sorted({source for source, _ in STREAMS}))
        raise ConfigError(f"sources: no adapter reads {unknown}; name a source ({there}) or one of its streams")
    return found


def _day(field: str, text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ConfigError(f"{field} {text!r} is no day; write it as 2026-03-01") from None


def _midnight(day: date, time_zone: str) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(time_zone))
