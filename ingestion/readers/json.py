"""JSON: NDJSON, pages `{"<container>": […]}`, arrays, pretty-printed and concatenated objects.

NDJSON of plain records goes straight through DuckDB with explicit columns. Everything else becomes `documents` (one
top-level value each), then `records` (one row each). Files of which some lines are broken are read line by line; a
broken page is a broken file. `_row_no` counts records, the unreadable ones among them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from ingestion.errors import LandingError
from ingestion.readers.common import (
    BAD_DATA,
    Read,
    Reader,
    Reject,
    identifier,
    json_path,
    lines,
    literal,
    refuse_other_encodings,
)

MAX_PAGE = 256 << 20
#: Unknown keys are counted over all records up to this size, over a sample beyond it.
FULL_COUNT_BYTES = 64 << 20
KEY_SAMPLE = 20_000
PLAUSIBLE_LINES = 1000
LINES_PER_CHUNK = 50_000


class JsonReader(Reader):
    @property
    def own_columns(self) -> tuple[str, ...]:  # type: ignore[override]
        return ("child",) if self.stream.unnest else ()

    def read(self, path: Path, file_no: int, size: int, log_id: str | None = None) -> Read:
        refuse_other_encodings(path)
        if self._has_plain_lines(path, size) and (read := self._read_plain(path, file_no, size)):
            return read
        self._make_records(path, size)
        try:
            return self._read_records(file_no)
        finally:
            self.con.execute("DROP TABLE IF EXISTS records")

    def texts(self, path: Path, size: int, row_nos: set[int]) -> dict[int, str]:
        if self._has_plain_lines(path, size) and self._count_plain(path) is not None:
            filled = (line for line, _ in lines(path, size) if line.strip())
            return {n: line.decode() for n, line in enumerate(filled, start=1) if n in row_nos}
        self._make_records(path, size)
        text = "json(record)::VARCHAR"
        if self.stream.unnest:
            one = f"json_merge_patch(record, json_object({literal(self.stream.unnest)}, json_array(child)))"
            text = f"CASE WHEN child IS NULL THEN {text} ELSE {one}::VARCHAR END"
        marks = ", ".join(str(n - 1) for n in sorted(row_nos))
        rows = self.con.execute(f"SELECT rowid + 1, coalesce(bad, {text}) FROM records WHERE rowid IN ({marks})")
        return dict(rows.fetchall())

    # --- NDJSON of plain records

    def _has_plain_lines(self, path: Path, size: int) -> bool:
        if self.stream.unnest or self.source.keep_columns:
            return False
        first = next((line for line, cut in lines(path, size) if line.strip() or cut), b"")
        try:
            record = json.loads(first)
        except (ValueError, RecursionError):
            return False
        return isinstance(record, dict) and self.stream.container not in record

    def _plain_relation(self, path: Path, columns: str, records: str) -> str:
        return (
            f"read_json({literal(str(path))}, format='newline_delimited', records={records}, columns={columns}, "
            "compression='uncompressed')"
        )

    def _read_plain(self, path: Path, file_no: int, size: int) -> Read | None:
        """None if DuckDB's reader stumbles; then nothing is left in `raw`."""
        columns = "{" + ", ".join(f"{literal(name)}: 'VARCHAR'" for name in self.fields) + "}"
        names = ", ".join(identifier(name) for name in self.fields)
        relation = self._plain_relation(path, columns, "true")
        whole = self._plain_relation(path, "{doc: 'JSON'}", "false")
        limit = f"LIMIT {KEY_SAMPLE}" if size > FULL_COUNT_BYTES else ""
        try:
            self.insert(f"SELECT {file_no}, NULL, {names}, NULL FROM {relation}")
            extra = self._count_unknown(f"SELECT doc FROM {whole} {limit}")
        except BAD_DATA:
            self.con.execute("DELETE FROM raw WHERE _file_no = ?", [file_no])
            return None
        count = self.con.execute("SELECT count(*) FROM raw WHERE _file_no = ?", [file_no]).fetchall()[0][0]
        return Read(count, extra=extra)

    def _count_plain(self, path: Path) -> int | None:
        columns = "{" + ", ".join(f"{literal(name)}: 'VARCHAR'" for name in self.fields) + "}"
        try:
            relation = self._plain_relation(path, columns, "true")
            return self.con.execute(f"SELECT count({identifier(self.fields[0])}) FROM {relation}").fetchall()[0][0]
        except BAD_DATA:
            return None

    def _count_unknown(self, documents: str) -> dict[str, int]:
        known = ", ".join(
            literal(name) for name in (*self.fields, *self.stream.ignored, self.stream.unnest or "") if name
        )
        return dict(
            self.con.execute(
                f"SELECT key, count(*) FROM (SELECT unnest(json_keys(doc)) AS key FROM ({documents})) "
                f"WHERE key NOT IN ({known}) GROUP BY key ORDER BY key"
            ).fetchall()
        )

    # --- pages, arrays, concatenated objects, damaged lines

    def _make_records(self, path: Path, size: int) -> None:
        """Makes `records` (record JSON, child JSON, bad VARCHAR), in the order of the file."""
        if not self._make_documents(path, size) and not self._make_documents_of_lines(path, size):
            raise LandingError("malformed or truncated JSON; export the page again")
        values = "CASE WHEN bad IS NOT NULL THEN [NULL::JSON] WHEN json_type(doc) = 'ARRAY' THEN " + _elements("doc")
        if self.stream.container:
            at = json_path(self.stream.container)
            values += f" WHEN json_type(doc, {at}) = 'ARRAY' THEN {_elements(f'doc -> {at}')}"
            values += f" WHEN json_type(doc, {at}) = 'NULL' THEN []"
        values += " ELSE [doc] END"
        child, source = "NULL::JSON", f"SELECT bad, unnest({values}) AS record FROM documents"
        if self.stream.unnest:
            at = json_path(self.stream.unnest)
            child = (
                f"unnest(CASE WHEN json_type(record, {at}) = 'ARRAY' THEN {_elements(f'record -> {at}')} "
                "ELSE [NULL::JSON] END)"
            )
        self.con.execute(
            f"CREATE OR REPLACE TEMP TABLE records AS SELECT record, {child} AS child, bad FROM ({source})"
        )
        self.con.execute("DROP TABLE documents")

    def _make_documents(self, path: Path, size: int) -> bool:
        """Makes `documents` (doc JSON, bad VARCHAR) with DuckDB's own reader; False if it stumbles."""
        with path.open("rb") as stream:
            is_array = stream.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[")
        limit = min(max(16 << 20, size + 1), MAX_PAGE)
        for shape in ("array", "unstructured") if is_array else ("unstructured",):
            try:
                self.con.execute(
                    "CREATE OR REPLACE TEMP TABLE documents AS SELECT json AS doc, NULL::VARCHAR AS bad FROM "
                    f"read_json({literal(str(path))}, format='{shape}', records=false, columns={{json: 'JSON'}}, "
                    f"maximum_object_size={limit}, compression='uncompressed')"
                )
                return True
            except BAD_DATA:
                continue
        return False

    def _make_documents_of_lines(self, path: Path, size: int) -> bool:
        """Makes `documents` line by line, the broken ones in `bad`; False if the file does not look like NDJSON."""
        self.con.execute("CREATE OR REPLACE TEMP TABLE documents (doc JSON, bad VARCHAR)")
        good, seen = 0, 0
        for chunk in self._line_chunks(path, size):
            self.con.register("chunk", pa.table({"line": pa.array(chunk, pa.string())}))
            self.con.execute(
                "INSERT INTO documents SELECT CASE WHEN json_valid(line) THEN line::JSON END, "
                "CASE WHEN NOT json_valid(line) THEN line END FROM chunk"
            )
            self.con.unregister("chunk")
            if not seen:
                seen = min(len(chunk), PLAUSIBLE_LINES)
                good = self.con.execute(
                    f"SELECT count(*) FILTER (json_type(doc) = 'OBJECT') FROM (FROM documents LIMIT {PLAUSIBLE_LINES})"
                ).fetchall()[0][0]
                if good * 2 < seen:
                    break
        if good and good * 2 >= seen:
            return True
        self.con.execute("DROP TABLE documents")
        return False

    def _line_chunks(self, path: Path, size: int) -> Iterator[list[str]]:
        chunk: list[str] = []
        for line, cut in lines(path, size):
            if cut or line.strip():
                # A marker that is no JSON keeps an over-long or undecodable line among the bad ones.
                text = line.decode("utf-8", "backslashreplace")
                chunk.append(f"\N{HORIZONTAL ELLIPSIS}{text}" if cut or not _is_utf8(line) else text)
            if len(chunk) >= LINES_PER_CHUNK:
                yield chunk
                chunk = []
        if chunk:
            yield chunk

    def _read_records(self, file_no: int) -> Read:
        known = json.dumps(dict.fromkeys(self.fields, "VARCHAR"))
        fields = ", ".join(f"s.{identifier(name)}" for name in self.fields)
        child = ", child::VARCHAR" if self.stream.unnest else ""
        self.insert(
            f"SELECT {file_no}, n, {fields}{child}, {self._extra()} FROM (SELECT rowid + 1 AS n, record, child, "
            f"json_transform(record, {literal(known)}) AS s FROM records WHERE json_type(record) = 'OBJECT')"
        )
        rows, bad = self.con.execute(
            "SELECT count(*), count(*) FILTER (coalesce(json_type(record), '') <> 'OBJECT') FROM records"
        ).fetchall()[0]
        rejects = []
        if bad:
            rejects = [
                Reject(number, reason, text)
                for number, reason, text in self.con.execute(
                    "SELECT rowid + 1, CASE WHEN bad IS NULL THEN 'not a JSON object' ELSE 'malformed JSON' END, "
                    "coalesce(bad, record::VARCHAR, 'null') FROM records "
                    "WHERE coalesce(json_type(record), '') <> 'OBJECT' ORDER BY rowid"
                ).fetchall()
            ]
        sample = f"SELECT record AS doc FROM records WHERE json_type(record) = 'OBJECT' LIMIT {KEY_SAMPLE}"
        return Read(rows, rejects, self._count_unknown(sample))

    def _extra(self) -> str:
        kept = self.source.keep_columns
        if not kept:
            return "NULL"
        found = ", ".join(f"record -> {json_path(key)}" for key in kept)
        pairs = ", ".join(f"{literal(key)}, record -> {json_path(key)}" for key in kept)
        return f"CASE WHEN coalesce({found}) IS NULL THEN NULL ELSE json_object({pairs})::VARCHAR END"


def _elements(array: str) -> str:
    return f"from_json({array}, '[\"JSON\"]')"


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True
