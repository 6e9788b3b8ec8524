"""The head of a csv file: which column stands where, by name or by position, in one row or in several."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from ingestion.errors import LandingError
from ingestion.readers.common import MAX_COLUMNS, MAX_LINE, told_names
from ingestion.readers.splitter import split_fields, split_records
from ingestion.streams import RECORD_FIELDS, Stream

#: Fields that cannot be found of a record alone: one that is kept for another try brings them along as cells.
BROUGHT_FIELDS = ("_header", "_line")


@dataclass(frozen=True)
class Header:
    """`names`: of the columns, as the stream calls them. `lines`: physical lines above the first record.
    `text`: all header rows as JSON, `rows` an array of arrays of cells, `columns` name -> cells of the further rows,
    `paired` those of `columns` that `Stream.paired_by` is about; null where no expression asks for it."""

    names: list[str]
    lines: int
    text: str | None


def read_header(physical: Iterator[tuple[bytes, bool]], stream: Stream, encoding: str) -> Header:
    """The header from a file's first lines. Raises LandingError for one that is none, or lacks a required column."""
    line, cut = next(physical, (b"", False))
    if cut:
        raise LandingError(f"the first line has more than {MAX_LINE >> 20} MiB: no header")
    if b"\r" in line:
        raise LandingError("lines end in a bare CR; export the file with LF or CRLF")
    cells = split_fields(line.decode(encoding), stream.delimiter, stream.quote)
    if cells is None:
        raise LandingError("the header has broken quotes")
    if len(cells) > MAX_COLUMNS:
        raise LandingError(f"the header has {len(cells)} columns, more than {MAX_COLUMNS}")
    cells = [cell.strip() for cell in cells]
    if not stream.header_rows:
        return _without(cells, stream)
    rows, lines = [cells], 1
    if stream.header_rows > 1 and "_header" not in cells:
        more, lines = _further_rows(physical, stream, len(cells), encoding)
        rows += more
    names = _names(cells, stream)
    _refuse(names, stream)
    return Header(names, lines, _told(names, rows, stream) if "_header" in stream.fields else None)


def _told(names: list[str], rows: list[list[str]], stream: Stream) -> str:
    columns = {name: [row[i] for row in rows[1:]] for i, name in enumerate(names)}
    suffix = stream.paired_by
    paired = {name: cells for name, cells in columns.items() if suffix and name + suffix in columns}
    return json.dumps({"rows": rows, "columns": columns, "paired": paired}, ensure_ascii=False)


def _without(cells: list[str], stream: Stream) -> Header:
    """Of a file without a header: columns by position. One that was written for another try has a header."""
    names = list(stream.fields[: len(cells)])
    names += [f"column {n}" for n in range(len(names) + 1, len(cells) + 1)]
    _refuse(names, stream)
    return Header(names, 1 if cells == names else 0, None)


def _further_rows(
    physical: Iterator[tuple[bytes, bool]], stream: Stream, width: int, encoding: str
) -> tuple[list[list[str]], int]:
    """The header rows after the first, and how many lines the header has."""
    wanted = stream.header_rows - 1
    found = list(islice(split_records(physical, width, stream.delimiter, stream.quote, encoding), wanted))
    rows = [fields for _, fields, _, _ in found if fields is not None]
    if len(rows) < wanted:
        raise LandingError(f"the file needs {stream.header_rows} header rows of {width} columns; export it unchanged")
    number, _, text, _ = found[-1]
    return rows, 1 + number + text.count("\n")


def _names(cells: list[str], stream: Stream) -> list[str]:
    """The cells of the first row under the names by which the stream declares its fields."""
    known = [*stream.raw_fields, *stream.ignored]
    if stream.is_positional:
        fields = [name for name in stream.fields if name not in RECORD_FIELDS]
        if len(cells) < len(fields):
            raise LandingError(f"the file has {len(cells)} columns where {len(fields)} are: {', '.join(fields)}")
        return [*fields, *cells[len(fields) :]]
    if stream.is_loose:
        spelt = {loose(name): name for name in known}
        return [spelt.get(loose(cell), cell) for cell in cells]
    return cells


def loose(name: str) -> str:
    """A name without what exports spell now so, now so: case, and blanks beyond one."""
    return " ".join(name.casefold().split())


def _refuse(names: list[str], stream: Stream) -> None:
    required = [c.name for c in stream.columns if c.required and c.expr is None]
    if missing := [name for name in [*required, *stream.required_fields] if name not in names]:
        raise LandingError(f"required column missing: {', '.join(missing)}")
    doubled = sorted({n for n in names if n and names.count(n) > 1}) if len(set(names)) < len(names) else []
    if doubled:
        told = told_names(dict.fromkeys(doubled[:5], 2))
        raise LandingError(f"the header names a column twice: {', '.join(told)}")


def with_cells(text: str, cells: list[str], stream: Stream) -> str:
    """A record's text with more cells at its end, in the form in which the stream's files are read."""
    if not stream.quote:
        return stream.delimiter.join([text, *cells])
    out = io.StringIO()
    csv.writer(out, delimiter=stream.delimiter, quotechar=stream.quote, lineterminator="").writerow(cells)
    return f"{text}{stream.delimiter}{out.getvalue()}"
