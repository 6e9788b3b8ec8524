"""Splits damaged or multi-line CSV into records, carefully: an open quote must not swallow the good lines after it.

A record that spans lines is accepted only if it closes properly and has as many fields as the header. Otherwise its
first physical line is rejected and reading resumes at the next one.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator

from ingestion.readers.common import MAX_LINE

#: A quoted field may span this many lines; beyond it the quote counts as never closed.
MAX_RECORD_LINES = 500

csv.field_size_limit(MAX_LINE)


def split_fields(text: str, delimiter: str, quote: str) -> list[str] | None:
    """The fields of one complete record, or None where its quotes are wrong."""
    if not quote or quote not in text:
        return text.split(delimiter)
    try:
        records = list(csv.reader([text], delimiter=delimiter, quotechar=quote, strict=True))
    except csv.Error:
        return None
    return records[0] if len(records) == 1 else None


def split_records(
    physical: Iterable[tuple[bytes, bool]], width: int, delimiter: str, quote: str, encoding: str = "utf-8"
) -> Iterator[tuple[int, list[str] | None, str, str | None]]:
    """(number of the first line, fields or None, text, reason) of each record; blank lines are none.

    `physical` are the lines after the header, numbered from 1.
    """
    source = enumerate(physical, start=1)
    waiting: deque[tuple[int, tuple[bytes, bool]]] = deque()
    while True:
        if waiting:
            number, (line, cut) = waiting.popleft()
        elif (item := next(source, None)) is not None:
            number, (line, cut) = item
        else:
            return
        text, reason = _decoded(line, cut, encoding)
        if reason:
            yield number, None, text, reason
            continue
        if width > 1 and delimiter not in text and not text.strip():
            continue
        fields = split_fields(text, delimiter, quote)
        if _fits(fields, width):
            yield number, fields, text, None
            continue
        if fields is not None or text.count(quote) % 2 == 0:
            yield number, None, text, _complaint(fields, width)
            continue
        joined, used = _joined(text, waiting, source, quote, encoding)
        fields = split_fields(joined, delimiter, quote) if joined is not None else None
        if joined is not None and fields is not None and _fits(fields, width):
            for _ in range(used):
                waiting.popleft()
            yield number, fields, joined, None
        else:
            yield number, None, text, "a quote is opened and never closed"


def _joined(text: str, waiting: deque, source: Iterator, quote: str, encoding: str) -> tuple[str | None, int]:
    """The text with as many following lines as its open quote needs, left in `waiting`; None where it stays open."""
    parts, length, is_open, used = [text], len(text), True, 0
    while is_open and used < MAX_RECORD_LINES and length <= MAX_LINE:
        if used == len(waiting):
            if (item := next(source, None)) is None:
                return None, used
            waiting.append(item)
        following, reason = _decoded(*waiting[used][1], encoding)
        if reason:
            return None, used
        used += 1
        parts.append(following)
        length += len(following)
        is_open ^= following.count(quote) % 2 == 1
    return (None, used) if is_open else ("\n".join(parts), used)


def _decoded(line: bytes, cut: bool, encoding: str) -> tuple[str, str | None]:
    text = line.decode(encoding, "replace")
    if cut:
        return text, f"a line of more than {MAX_LINE >> 20} MiB"
    return text, "a NUL byte" if "\0" in text else None


def _fits(fields: list[str] | None, width: int) -> bool:
    return fields is not None and len(fields) == width


def _complaint(fields: list[str] | None, width: int) -> str:
    return "broken quotes" if fields is None else f"{len(fields)} fields where the header has {width}"
