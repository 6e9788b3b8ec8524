"""What the readers of all shapes share: the raw table, rejected records, a first look at the bytes."""

from __future__ import annotations

import codecs
import json
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa

from ingestion import inside
from ingestion.errors import LandingError
from ingestion.quoting import identifier, literal
from ingestion.streams import Source, Stream

#: Longest physical line, in bytes, and how much of a longer one is kept as evidence.
MAX_LINE = 8 << 20
KEPT_OF_LONG_LINE = 64 << 10
#: Unreadable records of one file: more than so many that are over half of it, or so much text, are a broken file.
MAX_REJECTS = 50_000
MAX_REJECTED_BYTES = 64 << 20
#: Most columns of a header, most keys of a record.
MAX_COLUMNS = 4096
#: Undeclared names that one file reports one by one, and how much of a name.
MAX_NAMES = 200
MAX_NAME = 100
BLOCK = 4 << 20
#: What DuckDB raises for what stands in a file; a full disk or a missing file is not among it. A message that cites the
#: file's bytes may itself be undecodable.
BAD_DATA = (duckdb.DataError, duckdb.InvalidInputException, UnicodeDecodeError)


@dataclass(frozen=True)
class Reject:
    """A record that could not be read: its position, why, and its text."""

    row_no: int
    reason: str
    text: str


@dataclass
class Read:
    """What one file gave. `rows`: records read, the rejected ones among them; `extra`: undeclared columns or keys by
    name with the number of records that fill them; `absent`: raw fields of the stream that no record has; `header`:
    csv only."""

    rows: int
    rejects: list[Reject] = field(default_factory=list)
    extra: dict[str, int] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)
    header: list[str] | None = None
    rejected_bytes: int = 0

    def reject(self, row_no: int, reason: str, text: str) -> None:
        """Keeps a record that is none. Raises LandingError for a file that is mostly no records, before memory ends."""
        self.rejects.append(Reject(row_no, reason, text))
        self.rejected_bytes += len(text)
        is_mostly_bad = len(self.rejects) > MAX_REJECTS and len(self.rejects) * 2 > self.rows
        if is_mostly_bad or self.rejected_bytes > MAX_REJECTED_BYTES:
            raise LandingError(f"{len(self.rejects):,} of the first {self.rows:,} records cannot be read: {reason}")


class Reader(ABC):
    """One stream's reader. `begin()` empties `raw`, `read()` adds one file to it, `texts()` finds records again.

    `raw` has the fields that are read whole and one column for each path that is read in a document.
    """

    #: Columns of `raw` beside the raw fields of the stream.
    own_columns: tuple[str, ...] = ()

    def __init__(self, con: duckdb.DuckDBPyConnection, stream: Stream, source: Source) -> None:
        self.con, self.stream, self.source = con, stream, source

    @property
    def fields(self) -> tuple[str, ...]:
        return self.stream.raw_fields

    @property
    def kept(self) -> list[str]:
        """Columns of `raw` that hold a field as it is, quoted."""
        fields = [name for name in self.fields if name in self.stream.whole_fields]
        own = [name for name in self.own_columns if name != "child" or name in self.stream.whole_fields]
        return [identifier(name) for name in (*fields, *own)]

    @property
    def paths(self) -> list[tuple[str, str]]:
        return [(document, path) for document, paths in self.stream.documents.items() for path in paths]

    def begin(self) -> None:
        names = [*self.kept, *(inside.column(*path) for path in self.paths)]
        columns = ", ".join(f"{name} VARCHAR" for name in names)
        self.con.execute(
            f"CREATE OR REPLACE TEMP TABLE raw (_file_no INTEGER, _row_no BIGINT, {columns}, _extra VARCHAR)"
        )

    @abstractmethod
    def read(self, path: Path, file_no: int, size: int, log_id: str | None = None) -> Read:
        """Adds the first `size` bytes of a file to `raw`. After a LandingError the caller deletes what was added."""

    @abstractmethod
    def texts(self, path: Path, size: int, row_nos: set[int]) -> dict[int, str]:
        """The raw text of records by position, in a form that `read` reads as one record again."""

    def insert(self, select: str) -> int:
        """Inserts a SELECT of _file_no, _row_no, the fields, own columns and _extra; gives the number of rows."""
        names = ", ".join(identifier(name) for name in (*self.fields, *self.own_columns))
        relation = f"({select}) AS read (_file_no, _row_no, {names}, _extra)"
        texts, relation = inside.in_text(self.stream.documents, relation)
        listed = ", ".join(["_file_no", "_row_no", *self.kept, *texts, "_extra"])
        return self.con.execute(f"INSERT INTO raw SELECT {listed} FROM {relation}").fetchall()[0][0]

    def insert_arrow(self, table: pa.Table, select: str) -> None:
        """Inserts a SELECT over the Arrow table `chunk`."""
        self.con.register("chunk", table)
        try:
            self.insert(select)
        finally:
            self.con.unregister("chunk")


def file_literal(path: Path) -> str:
    """The SQL literal by which DuckDB's readers open this one file, whatever wildcards its name holds."""
    return literal("".join(f"[{c}]" if c in "*?[" else c for c in str(path)))


def told_names(counts: dict[str, int]) -> dict[str, int]:
    """Undeclared names as they may be reported: a bounded number of them, printable, short, nobody's address."""
    told: dict[str, int] = {}
    for n, (name, count) in enumerate(counts.items()):
        shown = _shown(name) if n < MAX_NAMES else f"({len(counts) - MAX_NAMES:,} more names)"
        told[shown] = max(told.get(shown, 0), count)
    return told


def _shown(name: str) -> str:
    if "@" in name or (sum(c.isdigit() for c in name) > 6 and not any(c.isalpha() for c in name)):
        return "(a name like an address or number)"
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name[:MAX_NAME])


def json_path(key: str) -> str:
    """The SQL literal of the path of a top-level key, whatever characters it has."""
    return literal("$." + json.dumps(key, ensure_ascii=False))


def refuse_other_encodings(path: Path) -> None:
    """Raises LandingError for UTF-16 and UTF-32, whose bytes would pass for text full of NULs."""
    with path.open("rb") as stream:
        start = stream.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or start in (
        codecs.BOM_UTF32_LE,
        codecs.BOM_UTF32_BE,
    ):
        raise LandingError("wrong encoding: UTF-16 or UTF-32; export it as UTF-8")


def blocks(path: Path, size: int | None = None) -> Iterator[bytes]:
    """The first `size` bytes of a file, or all of them, BLOCK by BLOCK."""
    left = path.stat().st_size if size is None else size
    with path.open("rb") as stream:
        while left > 0 and (block := stream.read(min(BLOCK, left))):
            left -= len(block)
            yield block


def lines(path: Path, size: int) -> Iterator[tuple[bytes, bool]]:
    """The physical lines of the first `size` bytes without LF or CRLF; True where a line is cut at MAX_LINE."""
    left = size
    with path.open("rb") as stream:
        if stream.read(3) != codecs.BOM_UTF8:
            stream.seek(0)
        else:
            left -= 3
        while left > 0 and (line := stream.readline(min(MAX_LINE, left))):
            left -= len(line)
            if line.endswith(b"\n") or left <= 0 or len(line) < MAX_LINE:
                yield line.rstrip(b"\n").removesuffix(b"\r"), False
                continue
            kept = line[:KEPT_OF_LONG_LINE]
            while left > 0 and (line := stream.readline(min(MAX_LINE, left))):
                left -= len(line)
                if line.endswith(b"\n"):
                    break
            yield kept, True
