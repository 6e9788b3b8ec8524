"""The published tables: copied out of the warehouse into a file any DuckDB opens, and into Parquet, with their hashes.

Not here: which tables (lib.dbt.published_models) and where the version stands (lib.versions).
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType

import duckdb

from ingestion.quoting import identifier, literals
from orchestration.lib import additions, descriptions

STORAGE_VERSION = "v1.0.0"
# Level 1 takes three quarters of the time that the default takes, and an eighth more space.
PARQUET = "format parquet, compression zstd, compression_level 1"
SIMPLE = re.compile(r"^(BOOLEAN|TINYINT|SMALLINT|INTEGER|BIGINT|DOUBLE|FLOAT|DECIMAL\(.*\)|VARCHAR|DATE|TIMESTAMP)$")
# The only column whose value may differ between two runs of the same input.
NOT_HASHED = {"mart_row_accounting": "loaded_at"}


class ColumnTypeError(Exception):
    """A table has a column that BI tools cannot read; the message names all of them."""


@dataclass(frozen=True)
class TableFacts:
    """What manifest.json says of a table. `hash` does not depend on the order of rows."""

    rows: int
    hash: str


def copy_tables(
    warehouse: Path,
    tables: list[str],
    folder: Path,
    connection: duckdb.DuckDBPyConnection,
    before: additions.Before | None = None,
    texts: Mapping[tuple[str, str], str] = MappingProxyType({}),
    keys: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> dict[str, TableFacts]:
    """Write support_kpis.duckdb and parquet/ into `folder`; table -> TableFacts. Raises ColumnTypeError first.

    Without a version `before` rows are ordered by the table's key, by all columns where it has none among `keys`, so
    that the same content gives the same files. `texts`, of lib.descriptions, become comments of tables and columns.
    """
    connection.execute(f"attach {_text(warehouse)} as warehouse (read_only)")
    refuse_odd_types(connection, tables)
    (folder / "parquet").mkdir()
    target = folder / "support_kpis.duckdb"
    additions.begin(before, target)
    connection.execute(f"attach {_text(target)} as published (storage_version {_text(STORAGE_VERSION)})")
    additions.drop_others(connection, tables)
    facts = {}
    for table in tables:
        facts[table] = table_facts(connection, "warehouse", table)
        known = before.tables.get(table) if before and table not in NOT_HASHED else None
        parquet = folder / "parquet" / f"{table}.parquet"
        if before and known == asdict(facts[table]) and facts[table] == table_facts(connection, "published", table):
            os.link(before.folder / "parquet" / parquet.name, parquet)
            continue
        # Where a row stands twice, replacing cannot tell how often, and the hash shows it.
        if not (
            known
            and additions.has_replaced_rows(connection, table)
            and facts[table] == table_facts(connection, "published", table)
        ):
            order = ", ".join(map(identifier, keys.get(table, ()))) or "all"
            rows = f'select * from warehouse.main."{table}" order by {order}'
            connection.execute(f'create or replace table published.main."{table}" as {rows}')
        connection.execute(f'copy published.main."{table}" to {_text(parquet)} ({PARQUET})')
    descriptions.comment(connection, texts)
    connection.execute("checkpoint published")
    connection.execute("detach published")
    connection.execute("detach warehouse")
    return facts


def refuse_odd_types(connection: duckdb.DuckDBPyConnection, tables: list[str]) -> None:
    """Raises ColumnTypeError naming every column of `tables` in the warehouse that is not of a simple type."""
    columns = connection.execute(
        "select table_name, column_name, data_type from duckdb_columns()"
        " where database_name = 'warehouse' and schema_name = 'main' and list_contains("
        f"{literals(tables)}, table_name) order by all"
    ).fetchall()
    odd = [f"{table}.{column} is {kind}" for table, column, kind in columns if not SIMPLE.match(kind)]
    if odd:
        raise ColumnTypeError(f"not a simple type, cast it in its model: {', '.join(odd)}")


def table_facts(connection: duckdb.DuckDBPyConnection, database: str, table: str) -> TableFacts:
    """Row count and hash: sums of two of DuckDB's hashes of each row, which no order of rows changes."""
    columns = connection.execute(f'describe {database}.main."{table}"').fetchall()
    names = ", ".join(f'"{name}"' for name, *_ in columns if name != NOT_HASHED.get(table))
    rows, hashed = connection.execute(
        f"""
        select count(*), md5(concat_ws(' ', count(*), sum(hash('a', {names})), sum(hash('b', {names}))))
        from {database}.main."{table}"
        """
    ).fetchall()[0]
    return TableFacts(rows, hashed)


def _text(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"
