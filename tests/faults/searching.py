"""A home as the text of all that stands in it: files unpacked, tables of Parquet, DuckDB and SQLite written out.

Nothing of the project is used: what is looked for is found by its letters and digits alone.
"""

from __future__ import annotations

import csv
import io
import re
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from decimal import Decimal
from pathlib import Path

import duckdb
import zstandard

_SQLITE = b"SQLite format 3\0"
#: Signs and blanks that a number or an address may be written with or without; lines and cells stay apart.
_SIGNS = re.compile("[ \t\r\0\u00a0()./\u2010-\u2015-]+")
_DIGITS = re.compile(r"\d{6,}")
_NUMBERED = re.compile(r"(\D+)\d+")
_HEX = re.compile(r"[0-9a-f]{64}")


def squeezed(text: str) -> str:
    """Lower case, without blanks and signs, so that every way to write a number or an address is one."""
    return _SIGNS.sub("", text.lower())


class Needles:
    """Many texts that are looked for at once: addresses around their @, numbers in runs of digits, keys in hex."""

    def __init__(self, needles: Iterable[str]) -> None:
        wanted = {squeezed(needle).removeprefix("+"): needle for needle in needles}
        self._wanted = wanted
        self._emails = {(text.index("@"), len(text)) for text in wanted if "@" in text}
        self._numbers = {len(text) for text in wanted if text.isdigit()}
        plain = {text for text in wanted if "@" not in text and not text.isdigit() and not _HEX.fullmatch(text)}
        numbered = {match[1] for text in plain if (match := _NUMBERED.fullmatch(text))}
        self._numbered = re.compile("|".join(f"{re.escape(word)}\\d+" for word in sorted(numbered)) or "$x")
        self._words = sorted(text for text in plain if not _NUMBERED.fullmatch(text))

    def in_text(self, text: str) -> set[str]:
        text = squeezed(text)
        found = {word for word in self._words if word in text}
        at = text.find("@") if self._emails else -1
        while at >= 0:
            found |= {text[at - before : at - before + size] for before, size in self._emails if at >= before}
            at = text.find("@", at + 1)
        for run in _DIGITS.findall(text) if self._numbers else ():
            found |= {run[n : n + size] for size in self._numbers for n in range(len(run) - size + 1)}
        found |= set(_HEX.findall(text)) | set(self._numbered.findall(text))
        return {self._wanted[name] for name in found & self._wanted.keys()}


def found_in(home: Path, needles: Iterable[str], leave_out: Iterable[str] = ()) -> list[str]:
    """Where a needle stands anywhere below a home: 'place: needle'. `leave_out`: folders and files of the home."""
    wanted, hits = Needles(needles), []
    for path in sorted(home.rglob("*")):
        place = path.relative_to(home)
        if place.parts[0] in leave_out or path.is_dir():
            continue
        for part, text in (("name", str(place)), *texts_of(path)):
            hits += [f"{place} {part}: {name}" for name in sorted(wanted.in_text(text))]
    return hits


def texts_of(path: Path) -> Iterator[tuple[str, str]]:
    """(part, text) of one file; databases also as the bytes they are, where pages that were freed may still stand."""
    data = path.read_bytes()
    if data.startswith(_SQLITE):
        yield "bytes", data.decode("latin-1")
        yield from _sqlite(path)
    elif data[8:12] == b"DUCK":
        yield "bytes", data.decode("latin-1")
        with duckdb.connect(str(path), read_only=True) as con:
            yield from _tables(con)
    elif data[:4] == b"PAR1":
        with duckdb.connect() as con:
            yield "rows", _written(con.execute("select * from read_parquet(?, hive_partitioning=false)", [str(path)]))
    else:
        yield "text", unpacked(data).decode("utf-8", "replace")


def unpacked(data: bytes) -> bytes:
    """The content of an archive, as far as it goes, or the data themselves."""
    if data[:2] == b"\x1f\x8b":
        return zlib.decompressobj(wbits=31).decompress(data)
    if data[:4] == b"\x28\xb5\x2f\xfd":
        return zstandard.ZstdDecompressor().decompressobj().decompress(data)
    return data


def landed_text(landing: Path) -> Iterator[tuple[Path, str]]:
    """Every export as text."""
    for path in sorted(landing.rglob("*")):
        if path.is_file():
            yield path, unpacked(path.read_bytes()).decode("utf-8", "replace")


def _tables(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str]]:
    tables = con.execute("select schema_name, table_name from duckdb_tables() order by all").fetchall()
    for schema, table in tables:
        yield f"{schema}.{table}", _written(con.execute(f'select * from "{schema}"."{table}"'))


def _sqlite(path: Path) -> Iterator[tuple[str, str]]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        for (table,) in db.execute("select name from sqlite_master where type = 'table'").fetchall():
            rows = db.execute(f'select * from "{table}"').fetchall()
            yield table, "\n".join(_cell(value) for row in rows for value in row)


def _cell(value: object) -> str:
    if isinstance(value, bytes):
        with suppress(zlib.error):
            value = zlib.decompress(value)
        return value.decode("utf-8", "replace")
    return str(value)


def _written(result: duckdb.DuckDBPyConnection) -> str:
    """Cells as text; a number with decimals is nobody's, though its digits may look so."""
    out = io.StringIO()
    rows = (["" if isinstance(cell, float | Decimal) else cell for cell in row] for row in result.fetchall())
    csv.writer(out, delimiter="\x1f").writerows(rows)
    return out.getvalue()
