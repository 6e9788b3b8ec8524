"""A version's tables as those of the version before, with what differs put in its place.

Only where the tables were added to as well: what was built anew is written anew, so that nothing stays behind in the
file (DuckDB does not zero the blocks it frees: think of a forgotten customer's key, or of rows that retention took out
of the lake). Which tables are the same and whether the result is right is told by hashes, for tables.py to look at.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from ingestion.quoting import identifier, literal, literals

#: A smaller table, or one with a greater share of rows that differ, is written whole sooner than mended. What deleted
#: rows leave behind DuckDB makes good as it writes: it merges row groups that fit into fewer.
FEWEST_ROWS = 100_000
MOST_CHANGED = 1 / 3


@dataclass(frozen=True)
class Before:
    """The version to add to; `tables` is what its manifest says of them."""

    folder: Path
    tables: dict[str, Any]


def version_before(published: Path, manifest: dict[str, Any], warehouse_id: str | None) -> Before | None:
    """The current version, if these tables made it and with this DuckDB, by whose hashes rows are compared."""
    made_of = (manifest.get("warehouse"), manifest.get("duckdb"))
    if warehouse_id is None or made_of != (warehouse_id, duckdb.__version__):
        return None
    return Before((published / "current").resolve(), manifest["tables"])


def begin(before: Before | None, target: Path) -> None:
    """Puts the DuckDB file of the version before where that of the new one is to be."""
    if before is not None:
        shutil.copyfile(before.folder / target.name, target)


def drop_others(connection: duckdb.DuckDBPyConnection, tables: list[str]) -> None:
    """Tables that are published no more, from `published`."""
    others = f"database_name = 'published' and not list_contains({literals(tables)}, table_name)"
    for (name,) in connection.execute(f"select table_name from duckdb_tables() where {others}").fetchall():
        connection.execute(f"drop table published.main.{identifier(name)}")


def has_replaced_rows(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Makes the rows of `published` those of `warehouse`; False where the table is to be written whole."""
    columns = _columns(connection, "warehouse", table)
    if columns != _columns(connection, "published", table):
        return False
    old, new = f"published.main.{identifier(table)}", f"warehouse.main.{identifier(table)}"
    rows = connection.execute(f"select count(*) from {old}").fetchall()[0][0]
    if rows < FEWEST_ROWS:
        return False
    hashed = f"hash({', '.join(identifier(name) for name, _ in columns)})"
    for name, relation in (("old_rows", old), ("new_rows", new)):
        connection.execute(
            f"create or replace temp table {name} as select rowid as id, {hashed} as hash from {relation}"
        )
    gone = "select id from old_rows where hash not in (select hash from new_rows)"
    if connection.execute(f"delete from {old} where rowid in ({gone})").fetchall()[0][0] > rows * MOST_CHANGED:
        return False
    come = "select id from new_rows where hash not in (select hash from old_rows)"
    connection.execute(f"insert into {old} select * from {new} where rowid in ({come})")
    return True


def _columns(connection: duckdb.DuckDBPyConnection, database: str, table: str) -> list[tuple[str, str]]:
    return connection.execute(
        "select column_name, data_type from duckdb_columns() where database_name = "
        f"{literal(database)} and schema_name = 'main' and table_name = {literal(table)} order by column_index"
    ).fetchall()
