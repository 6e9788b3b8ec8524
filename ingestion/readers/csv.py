"""CSV and TSV. The header is read by name; DuckDB's reader takes files whose every line is one record.

Whatever does not add up (line count, field count, quotes, NUL) sends the file through `splitter`, slowly.
`_row_no` is the line number of a record's first line, less one for the header.
"""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from ingestion.errors import LandingError
from ingestion.quoting import identifier, literal
from ingestion.readers.common import (
    BAD_DATA,
    BLOCK,
    MAX_COLUMNS,
    MAX_LINE,
    Read,
    Reader,
    file_literal,
    lines,
    refuse_other_encodings,
    told_names,
)
from ingestion.readers.splitter import split_fields, split_records

ROWS_PER_CHUNK = 50_000


class CsvReader(Reader):
    def read(self, path: Path, file_no: int, size: int, log_id: str | None = None) -> Read:
        if size == 0:
            return Read(0)
        refuse_other_encodings(path)
        newlines, is_plain = _survey(path, size)
        header = self._header(path, size)
        read = Read(0, header=header, absent=[name for name in self.fields if name not in header])
        if is_plain and self._read_plain(path, file_no, header, newlines, read):
            return read
        self._read_carefully(path, file_no, size, header, read)
        return read

    def texts(self, path: Path, size: int, row_nos: set[int]) -> dict[int, str]:
        width = len(self._header(path, size))
        records = split_records(self._body(path, size), width, self.stream.delimiter, self.stream.quote)
        return {number: text for number, _, text, _ in records if number in row_nos}

    # --- header

    def _header(self, path: Path, size: int) -> list[str]:
        line, cut = next(lines(path, size), (b"", False))
        if cut:
            raise LandingError(f"the first line has more than {MAX_LINE >> 20} MiB: no header")
        if b"\r" in line:
            raise LandingError("lines end in a bare CR; export the file with LF or CRLF")
        names = split_fields(line.decode("utf-8"), self.stream.delimiter, self.stream.quote)
        if names is None:
            raise LandingError("the header has broken quotes")
        if len(names) > MAX_COLUMNS:
            raise LandingError(f"the header has {len(names)} columns, more than {MAX_COLUMNS}")
        names = [name.strip() for name in names]
        required = [c.name for c in self.stream.columns if c.required and c.expr is None]
        if missing := [name for name in required if name not in names]:
            raise LandingError(f"required column missing: {', '.join(missing)}")
        doubled = sorted({n for n in names if n and names.count(n) > 1}) if len(set(names)) < len(names) else []
        if doubled:
            told = told_names(dict.fromkeys(doubled[:5], 2))
            raise LandingError(f"the header names a column twice: {', '.join(told)}")
        return names

    def _extras(self, header: list[str]) -> dict[str, int]:
        """Undeclared columns -> position."""
        known = {*self.fields, *self.stream.ignored, ""}
        return {name: i for i, name in enumerate(header) if name not in known}

    def _select(self, header: list[str], file_no: int, row_no: str, relation: str) -> str:
        """SELECT for `raw` over a relation whose columns are c0, c1 … in the order of the header."""
        place = {name: f"c{i}" for i, name in enumerate(header)}
        fields = ", ".join(place.get(name, "NULL") for name in self.fields)
        kept = [name for name in self._extras(header) if name in self.source.keep_columns]
        extra = "NULL"
        if kept:
            pairs = ", ".join(f"{literal(name)}, {place[name]}" for name in kept)
            blank = " AND ".join(f"coalesce(trim({place[name]}), '') = ''" for name in kept)
            extra = f"CASE WHEN {blank} THEN NULL ELSE json_object({pairs}) END"
        return f"SELECT {file_no}, {row_no}, {fields}, {extra} FROM {relation}"

    # --- fast way

    def _read_plain(self, path: Path, file_no: int, header: list[str], newlines: int, read: Read) -> bool:
        """True if DuckDB read every physical line as one record; otherwise nothing is left in `raw`."""
        columns = ", ".join(f"c{i}: 'VARCHAR'" for i in range(len(header)))
        relation = (
            f"read_csv({file_literal(path)}, auto_detect=false, header=true, delim={literal(self.stream.delimiter)}, "
            f"quote={literal(self.stream.quote)}, escape={literal(self.stream.quote)}, columns={{{columns}}}, "
            f"max_line_size={MAX_LINE}, compression='none', hive_partitioning=false)"
        )
        try:
            count = self.insert(self._select(header, file_no, "NULL", relation))
            if count == newlines - 1:
                read.rows, read.extra = count, self._count_extras(header, relation)
                return True
        except BAD_DATA:
            pass
        self.con.execute("DELETE FROM raw WHERE _file_no = ?", [file_no])
        return False

    def _count_extras(self, header: list[str], relation: str) -> dict[str, int]:
        extras = self._extras(header)
        if not extras:
            return {}
        counts = ", ".join(f"count(*) FILTER (trim(c{i}) <> '')" for i in extras.values())
        return dict(zip(extras, self.con.execute(f"SELECT {counts} FROM {relation}").fetchall()[0], strict=True))

    # --- careful way

    def _body(self, path: Path, size: int) -> Iterator[tuple[bytes, bool]]:
        physical = lines(path, size)
        next(physical, None)
        return physical

    def _read_carefully(self, path: Path, file_no: int, size: int, header: list[str], read: Read) -> None:
        extras = self._extras(header)
        read.extra = dict.fromkeys(extras, 0)
        rows: list[list[str]] = []
        numbers: list[int] = []
        reasons: Counter[str | None] = Counter()

        def store() -> None:
            columns = [numbers, *zip(*rows, strict=True)] if rows else []
            if columns:
                names = ["n", *(f"c{i}" for i in range(len(header)))]
                types = [pa.int64(), *[pa.string()] * len(header)]
                arrays = [pa.array(c, t) for c, t in zip(columns, types, strict=True)]
                self.insert_arrow(pa.table(arrays, names), self._select(header, file_no, identifier("n"), "chunk"))
            rows.clear()
            numbers.clear()

        for number, fields, text, reason in split_records(
            self._body(path, size), len(header), self.stream.delimiter, self.stream.quote
        ):
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
        if reason and reason.endswith(f"the header has {len(header)}") and count > max(2, read.rows / 2):
            raise LandingError(f"{reason} in {count:,} of {read.rows:,} rows: the header is not theirs")


def _survey(path: Path, size: int) -> tuple[int, bool]:
    """(physical lines, whether nothing in them asks for the careful way). Raises LandingError if it is not UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
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
                decoder.decode(block, final=left == 0)
            except UnicodeDecodeError:
                raise LandingError("wrong encoding: not UTF-8; export it as UTF-8 (Excel: 'CSV UTF-8')") from None
    return newlines + (last != b"\n"), plain and not carry
