"""The lake: typed, append-only Parquet, one file per content that gave rows. Knows nothing of how rows come about."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import duckdb

from ingestion.quoting import identifier, literal
from ingestion.streams import Stream, StreamId


def lake_name(stream: Stream, load_date: str, content_hash: str, attempt: int = 0) -> str:
    """Path relative to the lake; `attempt` > 0 for rows that came out of quarantine later."""
    again = f"-retry{attempt}" if attempt else ""
    return f"{stream.source}/{stream.name}/load_date={load_date}/{content_hash[:32]}{again}.parquet"


def scan(stream: Stream, files: Iterable[Path]) -> str:
    """SELECT of the declared columns of lake files; a column that no file has yet is null, no file is no row."""
    columns = stream.lake_columns
    empty = "SELECT " + ", ".join(f"NULL::{type} AS {identifier(name)}" for name, type in columns.items())
    relation = f"{empty} WHERE false"
    if listed := ", ".join(literal(str(file)) for file in files):
        relation += (
            f" UNION ALL BY NAME SELECT * FROM read_parquet([{listed}], union_by_name=true, hive_partitioning=false)"
        )
    typed = ", ".join(f"{identifier(name)}::{type} AS {identifier(name)}" for name, type in columns.items())
    return f"SELECT {typed} FROM ({relation})"


def write_rows(con: duckdb.DuckDBPyConnection, path: Path, stream: Stream, relation: str) -> None:
    """Writes the lake columns of a relation, whole and on disk or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.part")
    names = ", ".join(identifier(name) for name in stream.lake_columns)
    con.execute(f"COPY (SELECT {names} FROM {relation}) TO {literal(str(draft))} (FORMAT parquet, COMPRESSION zstd)")
    handle = os.open(draft, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    draft.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Makes renames in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def load_hashes(con: duckdb.DuckDBPyConnection, lake: Path, files: Iterable[str]) -> None:
    """Makes `seen`, the row hashes of the given lake files."""
    con.execute("CREATE OR REPLACE TEMP TABLE seen (_row_hash VARCHAR)")
    if listed := [literal(str(lake / name)) for name in files]:
        con.execute(
            f"INSERT INTO seen SELECT _row_hash FROM read_parquet([{', '.join(listed)}], hive_partitioning=false)"
        )


def remove_orphans(lake: Path, known: Iterable[str], id: StreamId | tuple[()] = ()) -> list[str]:
    """Deletes lake files, of one stream or all, that the manifest does not list (a run died between file and commit);
    gives their names."""
    listed = set(known)
    orphans = [
        path
        for path in sorted(lake.joinpath(*id).rglob("*"))
        if path.is_file() and (path.suffix in (".parquet", ".part")) and str(path.relative_to(lake)) not in listed
    ]
    for path in orphans:
        path.unlink()
    return [str(path.relative_to(lake)) for path in orphans]
