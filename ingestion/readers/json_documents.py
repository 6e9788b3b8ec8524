"""The top-level values of a JSON file: pages, arrays, concatenated and pretty-printed objects, damaged lines.

`make_documents` fills the temporary table `documents`, one row per value. What a record is, is for json.py to say.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa

from ingestion.errors import LandingError
from ingestion.readers.common import BAD_DATA, BLOCK, MAX_LINE, lines
from ingestion.readers.json_pages import has_page, page_records
from ingestion.readers.json_plain import documents

PLAUSIBLE_LINES = 1000
LINES_PER_CHUNK = 50_000
#: Before a line that is no record: no JSON begins with it, so the line stays among the bad ones.
_MARK = "\N{HORIZONTAL ELLIPSIS}"


def make_documents(con: duckdb.DuckDBPyConnection, path: Path, size: int, container: str | None) -> None:
    """Makes `documents` (doc JSON, bad VARCHAR, is_cut BOOLEAN), in the order of the file; `bad` of a record that is
    cut is its beginning. Raises LandingError for a broken page."""
    if _read_whole(con, path):
        return
    reason = "malformed or truncated JSON; export the page again"
    if size > MAX_LINE and container is not None and has_page(path, container):
        try:
            return _read_pages(con, path, container)
        except LandingError as error:
            reason = error.message
    elif any(cut for _, cut in lines(path, size)):
        reason = f"a record or line of more than {MAX_LINE >> 20} MiB; export it in smaller pages"
    if not _read_lines(con, path, size):
        raise LandingError(reason)


def _read_whole(con: duckdb.DuckDBPyConnection, path: Path) -> bool:
    """Makes `documents` with DuckDB's own reader; False if it stumbles."""
    with path.open("rb") as stream:
        is_array = stream.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[")
    for shape in ("array", "unstructured") if is_array else ("unstructured",):
        try:
            con.execute(
                "CREATE OR REPLACE TEMP TABLE documents AS SELECT doc, NULL::VARCHAR AS bad, false AS is_cut FROM "
                f"({documents(path, shape)})"
            )
            return True
        except BAD_DATA:
            continue
    return False


def _read_pages(con: duckdb.DuckDBPyConnection, path: Path, container: str) -> None:
    """Makes `documents` of one page per record. Raises LandingError for what is no sequence of pages."""
    _make_empty(con)
    before, after = f"{{{json.dumps(container)}:[", "]}"
    chunk: list[tuple[str, bool]] = []
    length = 0
    for record, is_cut in page_records(path, container):
        text = record.decode("utf-8", "backslashreplace")
        chunk.append((f"{_MARK}{text}" if is_cut or not _is_utf8(record) else f"{before}{text}{after}", is_cut))
        length += len(text)
        if length >= BLOCK:
            _fill(con, chunk)
            chunk, length = [], 0
    _fill(con, chunk)


def _read_lines(con: duckdb.DuckDBPyConnection, path: Path, size: int) -> bool:
    """Makes `documents` line by line, the broken ones in `bad`; False if the file does not look like NDJSON."""
    _make_empty(con)
    good, seen = 0, 0
    for chunk in _line_chunks(path, size):
        _fill(con, chunk)
        if not seen:
            seen = min(len(chunk), PLAUSIBLE_LINES)
            good = con.execute(
                f"SELECT count(*) FILTER (json_type(doc) = 'OBJECT') FROM (FROM documents LIMIT {PLAUSIBLE_LINES})"
            ).fetchall()[0][0]
            if good * 2 < seen:
                break
    if good and good * 2 >= seen:
        return True
    con.execute("DROP TABLE documents")
    return False


def _make_empty(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("CREATE OR REPLACE TEMP TABLE documents (doc JSON, bad VARCHAR, is_cut BOOLEAN)")


def _fill(con: duckdb.DuckDBPyConnection, chunk: list[tuple[str, bool]]) -> None:
    """Adds texts, each with whether it is cut, to `documents`."""
    texts, cuts = zip(*chunk, strict=True) if chunk else ((), ())
    con.register("chunk", pa.table({"text": pa.array(texts, pa.string()), "is_cut": pa.array(cuts, pa.bool_())}))
    con.execute(
        "INSERT INTO documents SELECT CASE WHEN json_valid(text) THEN text::JSON END, "
        "CASE WHEN NOT json_valid(text) THEN text END, is_cut FROM chunk"
    )
    con.unregister("chunk")


def _line_chunks(path: Path, size: int) -> Iterator[list[tuple[str, bool]]]:
    chunk: list[tuple[str, bool]] = []
    length = 0
    for line, cut in lines(path, size):
        if cut or line.strip():
            text = line.decode("utf-8", "backslashreplace")
            chunk.append((f"{_MARK}{text}" if cut or not _is_utf8(line) else text, cut))
            length += len(line)
        if len(chunk) >= LINES_PER_CHUNK or length >= BLOCK:
            yield chunk
            chunk, length = [], 0
    if chunk:
        yield chunk


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True
