"""The top-level values of a JSON file: pages, arrays, concatenated and pretty-printed objects, damaged lines.

`make_documents` fills the temporary table `documents`, one row per value. What a record is, is for json.py to say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa

from ingestion.errors import LandingError
from ingestion.readers.common import BAD_DATA, BLOCK, MAX_LINE, file_literal, lines

#: A page may be this long; whatever else stands alone may be as long as a line.
MAX_PAGE = 256 << 20
PLAUSIBLE_LINES = 1000
LINES_PER_CHUNK = 50_000
#: Before a line that is no record: no JSON begins with it, so the line stays among the bad ones.
_MARK = "\N{HORIZONTAL ELLIPSIS}"


def make_documents(con: duckdb.DuckDBPyConnection, path: Path, size: int, container: str | None) -> None:
    """Makes `documents` (doc JSON, bad VARCHAR), in the order of the file. Raises LandingError for a broken page."""
    limit = MAX_LINE
    if size > MAX_LINE and container is not None and _has_page(path, container):
        limit = min(size + 1, MAX_PAGE)
    if not _read_whole(con, path, limit) and not _read_lines(con, path, size):
        longest = max((len(line) if not cut else MAX_LINE for line, cut in lines(path, size)), default=0)
        if longest >= limit:
            raise LandingError(f"a record or line of more than {limit >> 20} MiB; export it in smaller pages")
        raise LandingError("malformed or truncated JSON; export the page again")


def _has_page(path: Path, container: str) -> bool:
    """True if an array stands under the container's name somewhere in the file."""
    page = re.compile(re.escape(json.dumps(container)).encode() + rb"\s{0,64}:\s{0,64}\[")
    kept = b""
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            if page.search(kept + block):
                return True
            kept = block[-len(container) - 160 :]
    return False


def _read_whole(con: duckdb.DuckDBPyConnection, path: Path, limit: int) -> bool:
    """Makes `documents` with DuckDB's own reader; False if it stumbles."""
    with path.open("rb") as stream:
        is_array = stream.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[")
    for shape in ("array", "unstructured") if is_array else ("unstructured",):
        try:
            con.execute(
                "CREATE OR REPLACE TEMP TABLE documents AS SELECT json AS doc, NULL::VARCHAR AS bad FROM "
                f"read_json({file_literal(path)}, format='{shape}', records=false, columns={{json: 'JSON'}}, "
                f"maximum_object_size={limit}, compression='uncompressed', hive_partitioning=false)"
            )
            return True
        except BAD_DATA:
            continue
    return False


def _read_lines(con: duckdb.DuckDBPyConnection, path: Path, size: int) -> bool:
    """Makes `documents` line by line, the broken ones in `bad`; False if the file does not look like NDJSON."""
    con.execute("CREATE OR REPLACE TEMP TABLE documents (doc JSON, bad VARCHAR)")
    good, seen = 0, 0
    for chunk in _line_chunks(path, size):
        con.register("chunk", pa.table({"line": pa.array(chunk, pa.string())}))
        con.execute(
            "INSERT INTO documents SELECT CASE WHEN json_valid(line) THEN line::JSON END, "
            "CASE WHEN NOT json_valid(line) THEN line END FROM chunk"
        )
        con.unregister("chunk")
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


def _line_chunks(path: Path, size: int) -> Iterator[list[str]]:
    chunk: list[str] = []
    length = 0
    for line, cut in lines(path, size):
        if cut or line.strip():
            text = line.decode("utf-8", "backslashreplace")
            chunk.append(f"{_MARK}{text}" if cut or not _is_utf8(line) else text)
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
