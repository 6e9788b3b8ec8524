"""Compaction: small lake files of a stream become one, so that a thousand nights read like one load.

Rows stay as they are, with the content and the number of the load that each came from; so accounting, duplicates and
erasure find them as before. Which rows there are is for load.py to say, how long they stay for retention.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import duckdb

from ingestion.lake import scan, write_rows
from ingestion.manifest import Manifest
from ingestion.streams import Stream

#: Larger files stay alone; small ones come together up to `FULL` bytes.
SMALL, FULL = 32 << 20, 256 << 20
#: So many small files of the month that lasts stand side by side; those of a month that is over become one.
MOST = 366


def compact(con: duckdb.DuckDBPyConnection, lake: Path, manifest: Manifest, stream: Stream, *, by_day: bool) -> None:
    """Merges what there is to merge.

    `by_day`: files of different days stay apart, as each is to leave on a day of its own.
    """
    files = manifest.lake_files_by_load(stream.id)
    for part in _parts(lake, files, by_day):
        name = f"{Path(part[0]).parent.parent}/load_date={max(map(_day, part))}/merged-{_digest(part)}.parquet"
        write_rows(con, lake / name, stream, f"({scan(stream, [lake / file for file in part])})")
        with manifest.transaction():
            manifest.merge_lake_files(stream.id, part, name)
        # A file without a row is an orphan, which the next run takes away should this one die here.
        for file in part:
            (lake / file).unlink()


def _parts(lake: Path, files: list[str], by_day: bool) -> Iterator[list[str]]:
    """Files to be merged, in the order of their loads."""
    groups: dict[str, list[str]] = defaultdict(list)
    for file in files:
        if (lake / file).stat().st_size < SMALL:
            groups[_day(file) if by_day else _month(file)].append(file)
    lasting = max(map(_month, files), default="")
    for group in groups.values():
        if len(group) > (MOST if _month(group[0]) == lasting else 1):
            yield from _bounded(lake, group)


def _bounded(lake: Path, files: list[str]) -> Iterator[list[str]]:
    """Cut where enough has come together; a file left alone stays as it is."""
    parts: list[list[str]] = [[]]
    size = 0
    for file in files:
        if size > FULL:
            parts.append([])
            size = 0
        parts[-1].append(file)
        size += (lake / file).stat().st_size
    return (part for part in parts if len(part) > 1)


def _day(file: str) -> str:
    return file.split("load_date=")[1].split("/")[0]


def _month(file: str) -> str:
    return _day(file)[:7]


def _digest(files: list[str]) -> str:
    return hashlib.sha256("\n".join(files).encode()).hexdigest()[:32]
