"""JSON: NDJSON, pages `{"<container>": […]}`, arrays, pretty-printed and concatenated objects.

NDJSON of plain records goes straight through DuckDB with explicit columns (json_plain.py). Everything else becomes
`documents` (one top-level value each, json_documents.py), then `records` (one row each). Files of which some lines are
broken are read line by line; a broken page is a broken file. `_row_no` counts records, the unreadable ones among them.
"""

from __future__ import annotations

import json
from pathlib import Path

from ingestion import inside
from ingestion.readers import json_plain
from ingestion.readers.common import (
    BAD_DATA,
    KEPT_OF_LONG_LINE,
    MAX_COLUMNS,
    MAX_LINE,
    Read,
    Reader,
    identifier,
    json_path,
    lines,
    literal,
    refuse_other_encodings,
)
from ingestion.readers.json_depth import refuse_deep_nesting
from ingestion.readers.json_documents import make_documents

#: Unknown keys are counted over all records up to this size, over a sample beyond it.
FULL_COUNT_BYTES = 64 << 20
KEY_SAMPLE = 20_000


class JsonReader(Reader):
    @property
    def own_columns(self) -> tuple[str, ...]:  # type: ignore[override]
        return ("child",) if self.stream.unnest else ()

    def begin(self) -> None:
        super().begin()
        self._plain: set[Path] = set()

    def read(self, path: Path, file_no: int, size: int, log_id: str | None = None) -> Read:
        refuse_other_encodings(path)
        refuse_deep_nesting(path, size)
        if self._has_plain_lines(path, size) and (read := self._read_plain(path, file_no, size)):
            self._plain.add(path)
            return read
        self._make_records(path, size)
        try:
            return self._read_records(file_no)
        finally:
            self.con.execute("DROP TABLE IF EXISTS records")

    def texts(self, path: Path, size: int, row_nos: set[int]) -> dict[int, str]:
        if path in self._plain and self.stream.unnest:
            numbered = f"SELECT n, text FROM ({json_plain.texts(self, path)})"
            return dict(self.con.execute(f"{numbered} WHERE n IN ({', '.join(map(str, row_nos))})").fetchall())
        if path in self._plain:
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
        if self.source.keep_columns:
            return False
        first = next((line for line, cut in lines(path, size) if line.strip() or cut), b"")
        try:
            record = json.loads(first)
        except (ValueError, RecursionError):
            return False
        return isinstance(record, dict) and self.stream.container not in record

    def _read_plain(self, path: Path, file_no: int, size: int) -> Read | None:
        """None if DuckDB's reader stumbles; then nothing is left in `raw`."""
        limit = f"LIMIT {KEY_SAMPLE}" if size > FULL_COUNT_BYTES else ""
        try:
            inserted = self.con.execute(f"INSERT INTO raw {json_plain.select(self, path, file_no)}").fetchall()
            read = Read(inserted[0][0])
            self._tell_keys(read, f"{json_plain.documents(path)} {limit}", file_no)
        except BAD_DATA:
            read = None
        if read is None or len(read.extra) > MAX_COLUMNS:
            self.con.execute(f"DELETE FROM raw WHERE _file_no = {file_no}")
            return None
        return read

    # --- pages, arrays, concatenated objects, damaged lines

    def _make_records(self, path: Path, size: int) -> None:
        """Makes `records` (record JSON, child JSON, bad VARCHAR, reason VARCHAR), in the order of the file."""
        container, unnest = self.stream.container, self.stream.unnest
        make_documents(self.con, path, size, container)
        values = "CASE WHEN bad IS NOT NULL THEN [NULL::JSON] WHEN json_type(doc) = 'ARRAY' THEN " + _elements("doc")
        if container:
            at = json_path(container)
            values += f" WHEN json_type(doc, {at}) = 'ARRAY' THEN {_elements(f'doc -> {at}')}"
            values += f" WHEN json_type(doc, {at}) = 'NULL' THEN []"
        values += " ELSE [doc] END"
        child, parent, too_many = "NULL::JSON", "record", ""
        if unnest:
            at = json_path(unnest)
            # Every child stands beside its parent's other keys: the array itself must not stand there as well.
            is_array = f"reason IS NULL AND json_type(record, {at}) = 'ARRAY'"
            child = f"unnest(CASE WHEN {is_array} THEN {_elements(f'record -> {at}')} ELSE [NULL::JSON] END)"
            bare = f"json_merge_patch(record, json_object({literal(unnest)}, NULL))"
            parent = f"CASE WHEN {is_array} THEN {bare} ELSE record END"
            too_many = (
                f"WHEN json_array_length(record, {at}) * strlen({bare}::VARCHAR) > {2 * MAX_LINE} "
                f"THEN {literal(f'too many {unnest} for so long a record')} "
            )
        reason = (
            f"CASE WHEN is_cut OR strlen(record::VARCHAR) > {MAX_LINE} "
            f"THEN 'a record of more than {MAX_LINE >> 20} MiB' WHEN bad IS NOT NULL THEN 'malformed JSON' "
            "WHEN coalesce(json_type(record), '') <> 'OBJECT' THEN 'not a JSON object' "
            f"WHEN strlen(record::VARCHAR) > {4 * MAX_COLUMNS} AND len(json_keys(record)) > {MAX_COLUMNS} "
            f"THEN 'more than {MAX_COLUMNS} keys' {too_many}END"
        )
        text = f"coalesce(bad, left(record::VARCHAR, {KEPT_OF_LONG_LINE}), 'null')"
        self.con.execute(
            f"CREATE OR REPLACE TEMP TABLE records AS SELECT CASE WHEN reason IS NULL THEN {parent} END AS record, "
            f"{child} AS child, CASE WHEN reason IS NOT NULL THEN {text} END AS bad, reason FROM "
            f"(SELECT bad, record, {reason} AS reason FROM "
            f"(SELECT bad, is_cut, unnest({values}) AS record FROM documents))"
        )
        self.con.execute("DROP TABLE documents")

    def _read_records(self, file_no: int) -> Read:
        known = json.dumps(dict.fromkeys(self.fields, "VARCHAR"))
        fields = ", ".join(f"s.{identifier(name)}" for name in self.fields)
        child = ", child::VARCHAR" if self.stream.unnest else ""
        self.insert(
            f"SELECT {file_no}, n, {fields}{child}, {self._extra()} FROM (SELECT rowid + 1 AS n, record, child, "
            f"json_transform(record, {literal(known)}) AS s FROM records WHERE reason IS NULL)"
        )
        read = Read(self.con.execute("SELECT count(*) FROM records").fetchall()[0][0])
        bad = "SELECT rowid + 1, reason, bad FROM records WHERE reason IS NOT NULL ORDER BY rowid LIMIT 10_000 OFFSET"
        while chunk := self.con.execute(f"{bad} {len(read.rejects)}").fetchall():
            for row in chunk:
                read.reject(*row)
        self._tell_keys(read, f"SELECT record AS doc FROM records WHERE reason IS NULL LIMIT {KEY_SAMPLE}", file_no)
        return read

    # --- what the records have beside the stream's fields, and what they have not

    def _tell_keys(self, read: Read, documents: str, file_no: int) -> None:
        """Fills `extra` and `absent`."""
        known = {*self.fields, *self.stream.ignored, self.stream.unnest}
        keys = dict(
            self.con.execute(
                f"SELECT key, count(*) FROM (SELECT unnest(json_keys(doc)) AS key FROM ({documents})) "
                "GROUP BY key ORDER BY key"
            ).fetchall()
        )
        read.extra = {key: count for key, count in keys.items() if key not in known}
        absent = [name for name in self.fields if name not in keys]
        if absent and keys:
            filled = ", ".join(self._count_filled(name) for name in absent)
            counts = self.con.execute(f"SELECT {filled} FROM raw WHERE _file_no = {file_no}").fetchall()[0]
            read.absent = [name for name, count in zip(absent, counts, strict=True) if not count]

    def _count_filled(self, name: str) -> str:
        """SQL of the number of rows in `raw` that have anything of a field; there may be nothing of it in `raw`."""
        columns = [identifier(name)] if name in self.stream.whole_fields else []
        columns += [inside.column(name, path) for path in self.stream.documents.get(name, ())]
        return f"count(coalesce({', '.join([*columns, 'NULL'])}))"

    def _extra(self) -> str:
        kept = self.source.keep_columns
        if not kept:
            return "NULL"
        found = ", ".join(f"record -> {json_path(key)}" for key in kept)
        pairs = ", ".join(f"{literal(key)}, record -> {json_path(key)}" for key in kept)
        return f"CASE WHEN coalesce({found}) IS NULL THEN NULL ELSE json_object({pairs})::VARCHAR END"


def _elements(array: str) -> str:
    return f"from_json({array}, '[\"JSON\"]')"
