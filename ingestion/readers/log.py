"""Log files: one event per physical line, parts by position, no quoting. `_row_no` is the line number.

A grown log is read from its start again, so that equal lines keep their numbers; load.py drops what was read before.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from ingestion.quoting import literal
from ingestion.readers.common import MAX_LINE, Read, Reader, lines, refuse_other_encodings

LINES_PER_CHUNK = 100_000


class LogReader(Reader):
    own_columns = ("_log_id",)

    def read(self, path: Path, file_no: int, size: int, log_id: str | None = None) -> Read:
        refuse_other_encodings(path)
        read = Read(0)
        numbers: list[int] = []
        texts: list[str] = []

        def store() -> None:
            if numbers:
                self.insert_arrow(
                    pa.table({"n": pa.array(numbers, pa.int64()), "line": pa.array(texts, pa.string())}),
                    self._select(file_no, log_id),
                )
            numbers.clear()
            texts.clear()

        for number, (line, cut) in enumerate(lines(path, size), start=1):
            if not line.strip():
                continue
            read.rows += 1
            if reason := _fault(line, cut):
                read.reject(number, reason, line.decode("utf-8", "backslashreplace"))
                continue
            numbers.append(number)
            texts.append(line.decode())
            if len(numbers) >= LINES_PER_CHUNK:
                store()
        store()
        return read

    def _select(self, file_no: int, log_id: str | None) -> str:
        parts = ", ".join(f"parts[{i}]" for i in range(1, len(self.fields) + 1))
        split = f"string_split(line, {literal(self.stream.log_separator)})"
        log = "NULL" if log_id is None else literal(log_id)
        return f"SELECT {file_no}, n, {parts}, {log}, NULL FROM (SELECT n, {split} AS parts FROM chunk)"

    def texts(self, path: Path, size: int, row_nos: set[int]) -> dict[int, str]:
        numbered = enumerate(lines(path, size), start=1)
        return {number: line.decode("utf-8", "backslashreplace") for number, (line, _) in numbered if number in row_nos}


def ends_within_line(path: Path, size: int) -> bool:
    """True where the last of the first `size` bytes is no line end."""
    if size == 0:
        return False
    with path.open("rb") as stream:
        stream.seek(size - 1)
        return stream.read(1) != b"\n"


def count_lines(path: Path, size: int) -> int:
    """Physical lines in the first `size` bytes, an unterminated last one included."""
    return sum(1 for _ in lines(path, size))


def _fault(line: bytes, cut: bool) -> str | None:
    if cut:
        return f"a line of more than {MAX_LINE >> 20} MiB"
    if b"\0" in line:
        return "a NUL byte"
    try:
        line.decode()
    except UnicodeDecodeError:
        return "not UTF-8"
    return None
