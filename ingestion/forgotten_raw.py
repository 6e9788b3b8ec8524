"""Finds forgotten customers in what vendors delivered: a rejected row, or a file as it was landed, compressed or not.

A file is searched as far as it can be unpacked: a truncated archive shows its beginning to whoever looks.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from ingestion.adapters import STREAMS
from ingestion.archives import is_packed, unpacked
from ingestion.errors import LandingError
from ingestion.forgotten_text import ForgottenText
from ingestion.people import People
from ingestion.quarantine import RejectedRow
from ingestion.streams import StreamId

_BLOCK = 1 << 16
_PART = 4 << 20


class ForgottenRaw:
    """`countries`: source -> its country, for national numbers."""

    def __init__(self, people: People, countries: Mapping[str, str | None]) -> None:
        self._people = people
        self._countries = countries
        self._text = cache(lambda country: ForgottenText(people, [country]))

    def holds(self, stream: StreamId, raw: RejectedRow | Path) -> bool:
        """True where a row or a file of a stream names a forgotten customer, or a file that cannot be told."""
        if not self._people.forgotten:
            return False
        text = self._text(self._countries.get(stream[0]))
        if isinstance(raw, Path):
            return any(text.holds(part) for part in _parts(raw))
        return (
            text.holds_fields(raw.raw)
            or text.holds_fields(", ".join(raw.header or ()))
            or any(text.is_field(kind, value) for kind, value in _people_fields(stream, raw))
        )


def _people_fields(stream: StreamId, row: RejectedRow) -> Iterator[tuple[str, str]]:
    """(kind, text) of the cells that the stream's adapter would have hashed."""
    columns = STREAMS[stream].columns if stream in STREAMS else ()
    fields = {column: column.expr if isinstance(column.expr, str) else column.name for column in columns}
    people = {fields[column].strip('"'): column.person for column in columns if column.person}
    for name, value in _fields(stream, row).items():
        if (kind := people.get(name)) and isinstance(value, str | int):
            yield kind, str(value)


def _fields(stream: StreamId, row: RejectedRow) -> dict[str, Any]:
    try:
        if row.header:
            cells = next(csv.reader(io.StringIO(row.raw), delimiter=STREAMS[stream].delimiter), [])
            return dict(zip(row.header, cells, strict=False))
        record = json.loads(row.raw)
        return record if isinstance(record, dict) else {}
    except (ValueError, RecursionError, csv.Error):
        return {}


def _parts(path: Path) -> Iterator[str]:
    """The text of a file in parts that end with a line or, in a file without lines, overlap."""
    left = b""
    for block in _unpacked(path):
        left += block
        if len(left) >= _PART:
            end = left.rfind(b"\n") + 1 or len(left)
            yield _decoded(left[:end])
            left = left[end:] if left[end - 1 : end] == b"\n" else left[-4096:]
    yield _decoded(left)


def _decoded(data: bytes) -> str:
    """Addresses and numbers are ASCII in every encoding of an export; in UTF-16 and UTF-32 with NULs between."""
    return data.replace(b"\0", b"").decode("utf-8", "surrogateescape")


def _unpacked(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        blocks = iter(lambda: stream.read(_BLOCK), b"")
        if not is_packed(path.suffix):
            yield from blocks
            return
        # What cannot be unpacked, or is packed tighter than the landing area allows, no loader reads either.
        with suppress(LandingError):
            yield from unpacked(blocks, path.suffix, path.stat().st_size)
