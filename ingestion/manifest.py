"""The manifest: what has been loaded, from where and with what result, in one SQLite file of the home.

A lake file exists for the rest of the project only when its row here is committed. One transaction holds everything
that a loaded file changes. Nothing of people is stored.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any

from ingestion.manifest_people import PEOPLE_SCHEMA, PeopleTables
from ingestion.streams import StreamId

_SCHEMA = """
create table if not exists counters (name text primary key, value integer not null);
create table if not exists contents (
    source text, stream text, content_hash text, file_name text, loaded_at text, load_no integer, status text,
    reason text, rows_read integer, rows_loaded integer, rows_duplicate integer, rows_rejected integer,
    primary key (source, stream, content_hash));
create table if not exists paths (
    source text, stream text, name text, size integer, mtime_ns integer, content_hash text,
    primary key (source, stream, name));
create table if not exists lake_files (
    path text primary key, source text, stream text, content_hash text);
create table if not exists adapters (source text, stream text, fingerprint text, primary key (source, stream));
create table if not exists logs (
    source text, stream text, log_id text, bytes integer, prefix_hash text, next_row integer,
    primary key (source, stream, log_id));
create table if not exists findings (
    source text, stream text, content_hash text, finding text, detail text, rows integer, run_id text,
    primary key (source, stream, content_hash, finding, detail));
create table if not exists fields (source text, stream text, name text, primary key (source, stream, name));
create table if not exists snapshots (source text, stream text, run_id text, load_no integer, rows integer);
create table if not exists shrunken_snapshots (source text, stream text, rows integer, primary key (source, stream));
"""
_STREAM_TABLES = ("contents", "paths", "lake_files", "logs", "findings", "fields", "snapshots", "shrunken_snapshots")


@dataclass
class ContentRow:
    """What became of one content of a stream. `status`: 'loaded', or 'quarantined' whole with `reason`.

    The rows that were found in a quarantined file count as read and rejected; one that could not be read has none.
    """

    source: str
    stream: str
    content_hash: str
    file_name: str
    loaded_at: str
    load_no: int
    status: str
    reason: str | None = None
    rows_read: int = 0
    rows_loaded: int = 0
    rows_duplicate: int = 0
    rows_rejected: int = 0


@dataclass(frozen=True)
class LogHead:
    """How far a log has been read: `prefix_hash` of its first `bytes`; rows from `next_row` on are new."""

    log_id: str
    bytes: int
    prefix_hash: str
    next_row: int


class Manifest(PeopleTables):
    """Reads are plain methods; writes belong inside `with manifest.transaction():`."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None, timeout=60)
        # What is forgotten is written over in the file, too.
        pragmas = "pragma journal_mode=wal; pragma synchronous=full; pragma secure_delete=on;"
        self._db.executescript(pragmas + _SCHEMA + PEOPLE_SCHEMA)

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> Manifest:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self._db.execute("begin immediate")
        try:
            yield
            self._db.execute("commit")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("rollback")
            raise

    def _rows(self, sql: str, *arguments: Any) -> list[tuple]:
        return self._db.execute(sql, arguments).fetchall()

    # --- contents

    def next_load_no(self) -> int:
        """The next number of the order of loading; a number of a failed load is never used again after a commit."""
        self._db.execute(
            "insert into counters values ('load_no', 1) on conflict (name) do update set value = value + 1"
        )
        return self._rows("select value from counters where name = 'load_no'")[0][0]

    def contents(self, stream: StreamId | None = None, status: str | None = None) -> list[ContentRow]:
        """Contents in the order of loading."""
        names = ", ".join(f.name for f in fields(ContentRow))
        rows = self._rows(
            f"select {names} from contents where (?1 is null or (source = ?1 and stream = ?2)) "
            "and (?3 is null or status = ?3) order by load_no",
            *(stream or (None, None)),
            status,
        )
        return [ContentRow(*row) for row in rows]

    def put_content(self, row: ContentRow) -> None:
        names = [f.name for f in fields(ContentRow)]
        marks = ", ".join("?" * len(names))
        self._db.execute(f"insert or replace into contents ({', '.join(names)}) values ({marks})", astuple(row))

    def replace_content(self, row: ContentRow) -> None:
        """In place of what was known of the content, its findings included."""
        sql = "delete from findings where source = ? and stream = ? and content_hash = ?"
        self._db.execute(sql, (row.source, row.stream, row.content_hash))
        self.put_content(row)

    # --- paths

    def paths(self, stream: StreamId) -> dict[str, tuple[int, int, str]]:
        """File name -> (size, mtime_ns, content hash) as last seen."""
        rows = self._rows("select name, size, mtime_ns, content_hash from paths where source=? and stream=?", *stream)
        return {name: (size, mtime_ns, content_hash) for name, size, mtime_ns, content_hash in rows}

    def put_path(self, stream: StreamId, name: str, size: int, mtime_ns: int, content_hash: str) -> None:
        self._db.execute(
            "insert or replace into paths values (?, ?, ?, ?, ?, ?)", (*stream, name, size, mtime_ns, content_hash)
        )

    # --- lake files, logs, findings

    def lake_files(self, stream: StreamId | None = None) -> list[str]:
        """Paths relative to the lake, those of a stream or all."""
        sql = "select path from lake_files where ?1 is null or (source = ?1 and stream = ?2) order by path"
        return [path for (path,) in self._rows(sql, *(stream or (None, None)))]

    def lake_files_by_load(self, stream: StreamId) -> list[str]:
        """A stream's paths in the order in which their contents were loaded."""
        sql = (
            "select path from lake_files left join contents using (source, stream, content_hash) "
            "where source = ? and stream = ? order by load_no, path"
        )
        return [path for (path,) in self._rows(sql, *stream)]

    def load_numbers(self) -> dict[str, int]:
        """Path -> the place of its content in the order of loading, of every lake file."""
        sql = (
            "select path, coalesce(load_no, 0) from lake_files left join contents using (source, stream, content_hash)"
        )
        return dict(self._rows(sql))

    def merge_lake_files(self, stream: StreamId, paths: list[str], merged: str) -> None:
        """One file in place of several, at the place of the first in the order of loading."""
        (content_hash,) = self._rows("select content_hash from lake_files where path = ?", paths[0])[0]
        self.forget_lake_files(paths)
        self.put_lake_file(stream, merged, content_hash)

    def put_lake_file(self, stream: StreamId, path: str, content_hash: str) -> None:
        self._db.execute("insert into lake_files values (?, ?, ?, ?)", (path, *stream, content_hash))

    def forget_lake_files(self, paths: Iterable[str]) -> None:
        """Takes files out of the lake; that their contents were loaded stays known."""
        self._db.executemany("delete from lake_files where path = ?", [(path,) for path in paths])

    def log_heads(self, stream: StreamId) -> list[LogHead]:
        """Heads, the longest first."""
        sql = "select log_id, bytes, prefix_hash, next_row from logs where source=? and stream=? order by bytes desc"
        return [LogHead(*row) for row in self._rows(sql, *stream)]

    def put_log_head(self, stream: StreamId, head: LogHead) -> None:
        self._db.execute("insert or replace into logs values (?, ?, ?, ?, ?, ?)", (*stream, *astuple(head)))

    def put_findings(self, stream: StreamId, content_hash: str, rows: Iterable[tuple], run_id: str) -> None:
        """Adds (finding, detail, rows) to what was found in a content."""
        self._db.executemany(
            "insert or replace into findings values (?, ?, ?, ?, ?, ?, ?)",
            [(*stream, content_hash, finding, detail, count, run_id) for finding, detail, count in rows],
        )

    def drop_rejected_findings(self, stream: StreamId, content_hash: str) -> None:
        sql = "delete from findings where source=? and stream=? and content_hash=? and finding='rejected'"
        self._db.execute(sql, (*stream, content_hash))

    def findings(self) -> list[tuple[str, str, str, str, str, int, str]]:
        """(source, stream, file_name, finding, detail, rows, run_id) of every content, in a fixed order."""
        return self._rows(
            "select f.source, f.stream, c.file_name, f.finding, f.detail, f.rows, f.run_id from findings f "
            "join contents c using (source, stream, content_hash) order by c.load_no, f.finding, f.detail"
        )

    def fields(self, stream: StreamId) -> set[str]:
        """Raw fields that some loaded content had."""
        return {name for (name,) in self._rows("select name from fields where source=? and stream=?", *stream)}

    def put_fields(self, stream: StreamId, names: Iterable[str]) -> None:
        sql = "insert or ignore into fields values (?, ?, ?)"
        self._db.executemany(sql, [(*stream, name) for name in names])

    # --- per stream

    def fingerprint(self, stream: StreamId) -> str | None:
        rows = self._rows("select fingerprint from adapters where source=? and stream=?", *stream)
        return rows[0][0] if rows else None

    def put_fingerprint(self, stream: StreamId, fingerprint: str) -> None:
        self._db.execute("insert or replace into adapters values (?, ?, ?)", (*stream, fingerprint))

    def last_snapshot(self, stream: StreamId) -> int | None:
        """Rows of the newest full snapshot that was loaded and not too small."""
        rows = self._rows(
            "select rows from snapshots where source=? and stream=? order by load_no desc limit 1", *stream
        )
        return rows[0][0] if rows else None

    def put_snapshot(self, stream: StreamId, run_id: str, rows: int) -> None:
        self._db.execute(
            "insert into snapshots values (?, ?, ?, (select value from counters where name='load_no'), ?)",
            (*stream, run_id, rows),
        )

        self._db.execute("delete from shrunken_snapshots where source = ? and stream = ?", stream)

    def shrunken_snapshot(self, stream: StreamId) -> int | None:
        """Rows of the newest full snapshot, if it was too small."""
        rows = self._rows("select rows from shrunken_snapshots where source = ? and stream = ?", *stream)
        return rows[0][0] if rows else None

    def put_shrunken_snapshot(self, stream: StreamId, rows: int) -> None:
        self._db.execute("insert or replace into shrunken_snapshots values (?, ?, ?)", (*stream, rows))

    def forget_stream(self, stream: StreamId) -> None:
        for table in _STREAM_TABLES:
            self._db.execute(f"delete from {table} where source = ? and stream = ?", stream)
