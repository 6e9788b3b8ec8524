"""Loads exports into an empty home and gives the canonical rows; compares those of two spellings of one month."""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import zstandard

from ingestion.configuration import Configuration
from ingestion.configuration.settings_file import DEFAULTS
from ingestion.configuration.tables import TABLES
from ingestion.run import ingest
from ingestion.settings import load_settings
from ingestion.warehouse import prepare_warehouse
from tests.worlds.compiled import DATABASE, Compiled

KEY = "a key for tests, of more than 32 characters"
AS_OF = datetime(2026, 3, 2, tzinfo=UTC)
Row = dict[str, Any]
#: Path under landing/ -> content.
Files = Mapping[str, bytes | str]


@dataclass(frozen=True)
class Month:
    """Stream -> its rows, one cell of text per column of the generic export, in order of their files."""

    streams: dict[str, list[dict[str, str]]]

    @classmethod
    def read(cls, folder: Path) -> Month:
        return cls({stream.name: _rows(stream) for stream in sorted(folder.iterdir())})

    def files(self, *streams: str) -> dict[str, str]:
        """The generic exports of these streams."""
        return {f"generic/{name}/all.csv": as_csv(self.streams[name]) for name in streams}


def _rows(folder: Path) -> list[dict[str, str]]:
    opened = {".gz": gzip.decompress, ".zst": lambda data: zstandard.ZstdDecompressor().stream_reader(data).read()}
    texts = [opened.get(p.suffix, bytes)(p.read_bytes()).decode() for p in sorted(folder.rglob("*")) if p.is_file()]
    return [row for text in texts for row in csv.DictReader(io.StringIO(text))]


def as_csv(rows: list[dict[str, str]], delimiter: str = ",", quoting: int = csv.QUOTE_MINIMAL) -> str:
    """Rows under the header of the first."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter, quoting=quoting, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def agents_csv(source: str, names: Mapping[str, str]) -> list[Row]:
    """Rows of the table `agents` that say whose the vendor's names are. `names`: e-mail -> name or id."""
    unbounded = dict.fromkeys(("team", "valid_from", "valid_to"))
    return [{"source": source, "agent": name, "agent_email": email, **unbounded} for email, name in names.items()]


def canonical(
    compiled: Compiled,
    home: Path,
    files: Files,
    models: Collection[str],
    *,
    sources: dict[str, Any] | None = None,
    tables: dict[str, list[Row]] | None = None,
    as_of: datetime = AS_OF,
) -> dict[str, list[Row]]:
    """Model -> its rows, of exports that must load without a rejected row, unknown column or quarantined file."""
    settings = load_settings(home=home, env={"SUPPORT_KPIS_PII_KEY": KEY})
    for name, content in files.items():
        path = settings.landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    configuration = Configuration({**DEFAULTS, "sources": sources or {}}, {n: [] for n in TABLES} | (tables or {}), "-")
    result = ingest(settings, configuration, run_id="night-1")
    for stream in result.streams.values():
        assert (stream.rows_rejected, stream.quarantined_files, stream.new_columns) == (0, [], {}), stream.messages
    with duckdb.connect(config={"threads": 2}) as con:
        con.execute("set TimeZone = 'UTC'")
        con.execute(f"attach ':memory:' as {DATABASE}")
        con.execute(f"use {DATABASE}")
        prepare_warehouse(con, settings, configuration, as_of, "night-1")
        wanted = _with_ancestors(compiled, models)
        for (name, _), statement in zip(compiled.models, compiled.statements, strict=True):
            if name in wanted:
                con.execute(statement)
        return {name: _found(con, name) for name in models}


def _with_ancestors(compiled: Compiled, models: Collection[str]) -> set[str]:
    sql, wanted, waiting = dict(compiled.models), set(), list(models)
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            wanted.add(name)
            waiting += re.findall(rf'"{DATABASE}"[.]"main"[.]"(\w+)"', sql[name])
    return wanted


def _found(con: duckdb.DuckDBPyConnection, table: str) -> list[Row]:
    found = con.execute(f"select * from main.{table}")
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def compare(
    ours: list[Row],
    theirs: list[Row],
    key: Collection[str],
    *,
    vendor: str,
    cannot: Collection[str] = (),
    differs: Collection[str] = (),
) -> None:
    """Asserts that two spellings gave the same rows. `ours`: of the generic export; `theirs`: of the vendor's.

    `cannot`: columns that the vendor's format does not carry, which must be null (false for a boolean) in all its rows;
    `differs`: columns that it carries in its own words, not compared here. `load_no` and `row_no` never are.
    """
    left_out = {*cannot, *differs, "load_no", "row_no"}

    def told(row: Row, is_ours: bool) -> Row:
        named = {
            name: value.replace("generic", vendor) if is_ours and isinstance(value, str) else value
            for name, value in row.items()
        }
        return {name: value for name, value in named.items() if name not in left_out}

    def keyed(rows: list[Row], is_ours: bool) -> dict[tuple, Row]:
        found = {tuple(row[name] for name in key): row for row in (told(row, is_ours) for row in rows)}
        assert len(found) == len(rows), "rows share a key"
        return found

    left, right = keyed(ours, True), keyed(theirs, False)
    assert left, "nothing to compare"
    assert left.keys() == right.keys()
    wrong = [
        (at, {name: (row[name], right[at][name]) for name in row if row[name] != right[at][name]})
        for at, row in left.items()
        if row != right[at]
    ]
    assert not wrong, f"{len(wrong)} of {len(left)} rows differ, the first: {wrong[0]}"
    carried = {name for name in cannot for row in theirs if row[name] not in (None, False)}
    assert not carried, f"the format carries {carried} after all"
