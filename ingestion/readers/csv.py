"""CSV and TSV. The header is read by name; DuckDB's reader takes files whose every line is one record.

Whatever does not add up (line count, field count, quotes, NUL) sends the file through `splitter`, slowly.
`_row_no` is the line number of a record's first line, less those of the header.
"""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pyarrow as pa

from ingestion.errors import LandingError
from ingestion.quoting import identifier, literal
from ingestion.readers.common import (
    BAD_DATA,
    BLOCK,
    MAX_LINE,
    Read,
    Reader,
    file_literal,
    lines,
    refuse_other_encodings,
)
from ingestion.readers.csv_header import BROUGHT_FIELDS, Header, read_header, with_cells
from ingestion.readers.splitter import split_records
from ingestion.streams import RECORD_FIELDS

ROWS_PER_CHUNK = 50_000


class CsvReader(Reader):
    def read(self, path: Path, file_no: int, size: int, log_id: str | None = None) -> Read:
        if size == 0:
            return Read(0)
        refuse_other_encodings(path)
        newlines, is_plain, encoding = _survey(path, size, self.stream.fallback_encoding)
        header = read_header(lines(path, size), self.stream, encoding)
        absent = [name for name in self.fields if name not in (*header.names, *RECORD_FIELDS)]
        read = Read(0, header=[*header.names, *self._brought(header)], absent=absent)
        if not (is_plain and self._read_plain(path, file_no, header, newlines, encoding, read)):
            self._read_carefully(path, file_no, size, header, encoding, read)
        if "_line" in self.fields and "_line" not in header.names:
            self._number_lines(file_no)
        return read

    def texts(self, path: Path, size: int, row_nos: set[int]) -> dict[int, str]:
        _, _, encoding = _survey(path, size, self.stream.fallback_encoding)
        header = read_header(lines(path, size), self.stream, encoding)
        brought, seen, found = self._brought(header), Counter[tuple[str, ...]](), {}
        for number, fields, text, _ in self._records(path, size, header, encoding):
            cells: list[str] = []
            if brought and fields is not None:
                seen[group := tuple(fields[header.names.index(name)] for name in self.stream.numbered_by)] += 1
                own = {"_header": header.text or "", "_line": str(seen[group])}
                cells = [own[name] for name in brought]
            if number in row_nos:
                found[number] = with_cells(text, cells, self.stream) if cells else text
        return found

    def _brought(self, header: Header) -> list[str]:
        """What a record has to bring along for another try, as it cannot be found of it alone."""
        return [name for name in BROUGHT_FIELDS if name in self.fields and name not in header.names]

    def _number_lines(self, file_no: int) -> None:
        """`_line`: which of the file's records with these values of `numbered_by` it is, from 1."""
        group = ", ".join(identifier(name) for name in self.stream.numbered_by)
        self.con.execute(
            "UPDATE raw SET _line = n.line FROM (SELECT rowid AS id, row_number() OVER "
            f"(PARTITION BY {group} ORDER BY rowid) AS line FROM raw WHERE _file_no = {file_no}) AS n "
            "WHERE raw.rowid = n.id"
        )

    def _extras(self, header: list[str]) -> dict[str, int]:
        """Undeclared columns -> position."""
        known = {*self.fields, *self.stream.ignored, *RECORD_FIELDS, ""}
        return {name: i for i, name in enumerate(header) if name not in known}

    def _reported(self, header: list[str]) -> dict[str, int]:
        """Those of them that are news."""
        return {} if self.stream.is_open else self._extras(header)

    def _select(self, header: Header, file_no: int, row_no: str, relation: str) -> str:
        """SELECT for `raw` over a relation whose columns are c0, c1 … in the order of the header."""
        place = {name: f"c{i}" for i, name in enumerate(header.names)}
        found = place
        if "_record" in self.fields:
            pairs = ", ".join(f"{literal(name)}, {column}" for name, column in place.items())
            found = found | {"_record": f"json_object({pairs})"}
        if header.text is not None:
            found = {"_header": literal(header.text)} | found
        fields = ", ".join(found.get(name, "NULL") for name in self.fields)
        kept = [name for name in self._extras(header.names) if name in self.source.keep_columns]
        extra = "NULL"
        if kept:
            pairs = ", ".join(f"{literal(name)}, {place[name]}" for name in kept)
            blank = " AND ".join(f"coalesce(trim({place[name]}), '') = ''" for name in kept)
            extra = f"CASE WHEN {blank} THEN NULL ELSE json_object({pairs}) END"
        return f"SELECT {file_no}, {row_no}, {fields}, {extra} FROM {relation}"

    # --- fast way

    def _read_plain(self, path: Path, file_no: int, header: Header, newlines: int, encoding: str, read: Read) -> bool:
        """True if DuckDB read every physical line as one record; otherwise nothing is left in `raw`."""
        columns = ", ".join(f"c{i}: 'VARCHAR'" for i in range(len(header.names)))
        relation = (
            f"read_csv({file_literal(path)}, auto_detect=false, header={header.lines > 0}, "
            f"delim={literal(self.stream.delimiter)}, "
            f"quote={literal(self.stream.quote)}, escape={literal(self.stream.quote)}, columns={{{columns}}}, "
            f"max_line_size={MAX_LINE}, compression='none', hive_partitioning=false, skip={max(header.lines - 1, 0)}, "
            f"encoding={literal(encoding)})"
        )
        try:
            count = self.insert(self._select(header, file_no, "NULL", relation))
            if count == newlines - header.lines:
                read.rows, read.extra = count, self._count_extras(header.names, relation)
                return True
        except BAD_DATA:
            pass
        self.con.execute(f"DELETE FROM raw WHERE _file_no = {file_no}")
        return False

    def _count_extras(self, header: list[str], relation: str) -> dict[str, int]:
        extras = self._reported(header)
        if not extras:
            return {}
        counts = ", ".join(f"count(*) FILTER (trim(c{i}) <> '')" for i in extras.values())
        return dict(zip(extras, self.con.execute(f"SELECT {counts} FROM {relation}").fetchall()[0], strict=True))

    # --- careful way

    def _records(
        self, path: Path, size: int, header: Header, encoding: str
    ) -> Iterator[tuple[int, list[str] | None, str, str | None]]:
        physical = islice(lines(path, size), header.lines, None)
        return split_records(physical, len(header.names), self.stream.delimiter, self.stream.quote, encoding)

    def _read_carefully(self, path: Path, file_no: int, size: int, header: Header, encoding: str, read: Read) -> None:
        extras, width = self._reported(header.names), len(header.names)
        read.extra = dict.fromkeys(extras, 0)
        rows: list[list[str]] = []
        numbers: list[int] = []
        reasons: Counter[str | None] = Counter()

        def store() -> None:
            columns = [numbers, *zip(*rows, strict=True)] if rows else []
            if columns:
                names = ["n", *(f"c{i}" for i in range(width))]
                types = [pa.int64(), *[pa.string()] * width]
                arrays = [pa.array(c, t) for c, t in zip(columns, types, strict=True)]
                self.insert_arrow(pa.table(arrays, names), self._select(header, file_no, identifier("n"), "chunk"))
            rows.clear()
            numbers.clear()

        for number, fields, text, reason in self._records(path, size, header, encoding):
            read.rows += 1
            if fields is None:
                read.reject(number, reason or "unreadable", text)
                reasons[reason] += 1
                continue
            for name, i in extras.items():
                read.extra[name] += bool(fields[i].strip())
            rows.append(fields)
            numbers.append(number)
            if len(rows) >= ROWS_PER_CHUNK:
                store()
        store()
        reason, count = next(iter(reasons.most_common(1)), (None, 0))
        if reason and reason.endswith(f"the header has {width}") and count > max(2, read.rows / 2):
            raise LandingError(f"{reason} in {count:,} of {read.rows:,} rows: the header is not theirs")


def _survey(path: Path, size: int, fallback: str | None) -> tuple[int, bool, str]:
    """(physical lines, whether nothing in them asks for the careful way, encoding). Raises LandingError for a file that
    is not UTF-8 where no other encoding is known for its stream."""
    decoder: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
    newlines, plain, carry, last, left = 0, True, b"", b"", size
    with path.open("rb") as stream:
        while left > 0 and (block := stream.read(min(BLOCK, left))):
            left -= len(block)
            newlines += block.count(b"\n")
            data = carry + block
            carry = b"\r" if data.endswith(b"\r") else b""
            plain = plain and b"\0" not in block and data.count(b"\r") - len(carry) == data.count(b"\r\n")
            last = block[-1:]
            try:
                if decoder:
                    decoder.decode(block, final=left == 0)
            except UnicodeDecodeError:
                if fallback is None:
                    raise LandingError("wrong encoding: not UTF-8; export it as UTF-8 (Excel: 'CSV UTF-8')") from None
                decoder = None
    return newlines + (last != b"\n"), plain and not carry, "utf-8" if decoder else fallback or "utf-8"
