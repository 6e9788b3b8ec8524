"""What the launch form of a run says about loading: which streams, which files, what is read again.

Belongs here: reading the form's texts. Not here: its fields and defaults (lib.nightly_run), and loading (ingestion/).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ingestion.adapters import STREAMS
from ingestion.errors import ConfigError
from ingestion.pulls.days import Days
from ingestion.streams import StreamId


@dataclass(frozen=True)
class Asked:
    """`streams`: to load, of those that the run has selected; `changed`: only files last changed from the one instant
    to before the other, None without a bound; `reloads`: to forget and read again; `pulled_days`: what to pull again,
    None to go on where the last pull ended."""

    streams: set[StreamId]
    changed: tuple[datetime | None, datetime | None]
    reloads: set[StreamId]
    pulled_days: Days | None


def read_form(
    sources: list[str],
    files: tuple[str | None, str | None],
    pulled: tuple[str | None, str | None],
    reload: list[str],
    time_zone: str,
) -> Asked:
    """What the fields ask for. Days are local to `time_zone`. Raises ConfigError naming the field and its remedy."""
    begin, end = read_days("pull_from", "pull_until", pulled, time_zone)
    if (begin is None) != (end is None):
        raise ConfigError("pull_from and pull_until go together; give both, or neither to go on from the last pull")
    days = Days(int(begin.timestamp()), int(end.timestamp())) if begin and end else None
    changed = read_days("files_from", "files_until", files, time_zone)
    return Asked(_streams(sources), changed, parse_reloads(reload), days)


def read_days(
    first_name: str, last_name: str, texts: tuple[str | None, str | None], time_zone: str
) -> tuple[datetime | None, datetime | None]:
    """The midnight at which the first day begins, and that at which the last one ends."""
    first, last = _day(first_name, texts[0]), _day(last_name, texts[1])
    if first and last and first > last:
        raise ConfigError(f"{first_name} {first} is later than {last_name} {last}; swap them")
    begin = _midnight(first, time_zone) if first else None
    return begin, _midnight(last + timedelta(days=1), time_zone) if last else None


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
