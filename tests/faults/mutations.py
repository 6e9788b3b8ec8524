"""What happens to files on their way: single accidents, each from a seed. What must come of them is not here."""

from __future__ import annotations

import codecs
import json
import random
from typing import Any

from tests.faults.exports import Export, csv_text, good_text, json_text

Rows = list[dict[str, str]]


def mutant(export: Export, form: str, rows: Rows, chance: random.Random) -> tuple[str, bytes]:
    """(name of the accident, bytes of the damaged file)."""
    whole = {"csv": CSV_ACCIDENTS, "json": JSON_ACCIDENTS}.get(export.shape, {})
    kind = chance.choice([*BYTE_ACCIDENTS, *whole])
    if kind in whole:
        return kind, whole[kind](export, form, rows, chance)
    return kind, BYTE_ACCIDENTS[kind](good_text(export, rows, form).encode(), chance, _marks(export))


def _marks(export: Export) -> list[bytes]:
    return {"csv": [b",", b"\n"], "log": [b"|", b"\n"]}.get(export.shape, [b",", b":", b"{", b"}", b"[", b"]", b'"'])


# --- accidents of bytes: (data, chance, separators of the shape)


def _flip(data: bytes, chance: random.Random, _: list[bytes], times: int = 1) -> bytes:
    damaged = bytearray(data)
    for _n in range(times):
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
    return bytes(damaged)


def _put(data: bytes, chance: random.Random, what: bytes, times: int = 1) -> bytes:
    for _n in range(times):
        at = chance.randrange(len(data) + 1)
        data = data[:at] + what + data[at:]
    return data


def _lose_separator(data: bytes, chance: random.Random, marks: list[bytes]) -> bytes:
    mark = chance.choice(marks)
    places = [i for i in range(len(data)) if data[i : i + 1] == mark]
    at = chance.choice(places) if places else 0
    return data[:at] + data[at + 1 :]


def _mixed_line_ends(data: bytes, chance: random.Random, _: list[bytes]) -> bytes:
    lines = data.split(b"\n")
    ends = [chance.choice([b"\n", b"\r\n", b"\r\r\n", b"\n\n"]) for _n in lines[1:]]
    return lines[0] + b"".join(end + line for end, line in zip(ends, lines[1:], strict=True))


def _cp1252(data: bytes, chance: random.Random, _: list[bytes]) -> bytes:
    text = data.decode()
    at = chance.randrange(len(text))
    return (text[:at] + "Zürich, «Café»" + text[at:]).encode("cp1252")


def _repeat(data: bytes, chance: random.Random, _: list[bytes]) -> bytes:
    start, end = sorted(chance.randrange(len(data)) for _n in range(2))
    return data[:end] + data[start:end] + data[end:]


def _cut_out(data: bytes, chance: random.Random, _: list[bytes]) -> bytes:
    start = chance.randrange(len(data))
    return data[:start] + data[start + chance.randint(1, 200) :]


BYTE_ACCIDENTS = {
    "flipped bit": _flip,
    "flipped bits": lambda data, chance, marks: _flip(data, chance, marks, chance.randint(2, 12)),
    "quote": lambda data, chance, marks: _put(data, chance, b'"', chance.randint(1, 3)),
    "separator too many": lambda data, chance, marks: _put(data, chance, chance.choice(marks)),
    "separator lost": _lose_separator,
    "truncated": lambda data, chance, marks: data[: chance.randrange(len(data))],
    "beginning lost": lambda data, chance, marks: data[chance.randrange(1, len(data)) :],
    "NUL": lambda data, chance, marks: _put(data, chance, b"\0" * chance.randint(1, 600)),
    "BOM": lambda data, chance, marks: codecs.BOM_UTF8 * chance.randint(1, 2) + data,
    "BOM within": lambda data, chance, marks: _put(data, chance, codecs.BOM_UTF8),
    "CP1252": _cp1252,
    "UTF-16": lambda data, chance, marks: data.decode().encode(chance.choice(["utf-16", "utf-16-le", "utf-16-be"])),
    "UTF-32": lambda data, chance, marks: data.decode().encode("utf-32"),
    "mixed line ends": _mixed_line_ends,
    "old line ends": lambda data, chance, marks: data.replace(b"\n", b"\r"),
    "part repeated": _repeat,
    "part lost": _cut_out,
    "nothing left": lambda data, chance, marks: chance.choice([b"", b"\n", b" \n \n", b"\xff"]),
}

# --- accidents of CSV: (export, form, rows, chance)


def _reordered(export: Export, form: str, rows: Rows, chance: random.Random) -> bytes:
    order = chance.sample(list(export.columns), len(export.columns))
    return csv_text([order, *([row[c] for c in order] for row in rows)]).encode()


def _with_header(header: list[str] | None, rows: Rows) -> bytes:
    return csv_text([*([header] if header is not None else []), *(list(row.values()) for row in rows)]).encode()


def _doubled(export: Export, form: str, rows: Rows, chance: random.Random) -> bytes:
    header = list(export.columns)
    header[chance.randrange(len(header))] = chance.choice(header)
    return _with_header(header, rows)


def _header_again(export: Export, form: str, rows: Rows, chance: random.Random) -> bytes:
    at = chance.randrange(len(rows) + 1)
    names = dict(zip(export.columns, export.columns, strict=True))
    return _with_header(list(export.columns), [*rows[:at], names, *rows[at:]])


def _other_delimiter(export: Export, form: str, rows: Rows, chance: random.Random) -> bytes:
    mark = chance.choice(";\t|")
    return good_text(export, rows).replace(",", mark).encode()


def _nameless(export: Export, form: str, rows: Rows, chance: random.Random) -> bytes:
    header = list(export.columns)
    header[chance.randrange(len(header))] = chance.choice(["", " ", "unnamed"])
    return _with_header(header, rows)


CSV_ACCIDENTS = {
    "columns reordered": _reordered,
    "a name twice in the header": _doubled,
    "header missing": lambda export, form, rows, chance: _with_header(None, rows),
    "header twice": _header_again,
    "header only": lambda export, form, rows, chance: _with_header(list(export.columns), []),
    "other delimiter": _other_delimiter,
    "a column without its name": _nameless,
}

# --- accidents of JSON


def _deep(export: Export, form: str, rows: Rows, chance: random.Random) -> bytes:
    """A value nested deeply, closed or not."""
    depth = chance.choice([50, 1000, 20_000, 200_000])
    opened, closed = chance.choice([("[", "]"), ('{"a":', "}")])
    nested = opened * depth + ("1" if opened != "[" else "") + closed * (depth if chance.random() < 0.7 else depth // 2)
    text = good_text(export, rows, form)
    value = json.dumps(chance.choice(rows)[export.key])
    return text.replace(value, nested, 1).encode()


def _keys_reordered(export: Export, form: str, rows: Rows, chance: random.Random) -> bytes:
    records = [export.record(dict(chance.sample(list(row.items()), len(row)))) for row in rows]
    return json_text(records, form, export.stream).encode()


def _key_twice(export: Export, form: str, rows: Rows, chance: random.Random) -> bytes:
    text = good_text(export, rows, form)
    key = chance.choice(list(export.record(rows[0])))
    value = json.dumps(export.record(rows[0])[key])
    return text.replace(f'"{key}": ', f'"{key}": {value}, "{key}": ', chance.randint(1, 5)).encode()


def _other_type(export: Export, form: str, rows: Rows, chance: random.Random) -> bytes:
    records: list[Any] = [export.record(row) for row in rows]
    others: list[Any] = [17, 1.5e300, True, None, [], {}, [1], {"x": []}, "", "\0", "\ud800", 10**40]
    for record in chance.sample(records, chance.randint(1, len(records))):
        record[chance.choice(list(record))] = chance.choice(others)
    return json_text(records, form, export.stream).encode()


JSON_ACCIDENTS = {
    "nested deeply": _deep,
    "keys reordered": _keys_reordered,
    "a key twice": _key_twice,
    "values of another type": _other_type,
    "no page at all": lambda export, form, rows, chance: json.dumps(
        {export.stream: {"page": 1}, "error": "x"}
    ).encode(),
}
