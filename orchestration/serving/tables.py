"""A version's tables as PostgreSQL has them: types, keys, comments, rows to be copied, and the statements for them.

Belongs here: what needs no server. Not here: asking one (serving.load).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from pyarrow import csv

from ingestion.quoting import identifier, literal
from orchestration.lib.descriptions import TABLE
from orchestration.lib.versions import MANIFEST

TYPES = {
    "BOOLEAN": "boolean", "TINYINT": "smallint", "SMALLINT": "smallint", "INTEGER": "integer", "BIGINT": "bigint",
    "FLOAT": "real", "DOUBLE": "double precision", "VARCHAR": "text", "DATE": "date",
    "TIMESTAMP": "timestamp without time zone",
}  # fmt: skip
DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")
#: PostgreSQL's index takes no key above 2,704 bytes.
LONGEST_KEY = 2_000
ROWS_AT_ONCE = 50_000
#: A character that PostgreSQL takes in no text becomes this one.
NUL, INSTEAD = 0, 0xFFFD


@dataclass(frozen=True)
class Table:
    """`columns`: name -> type of PostgreSQL, in their order. `comments`: by column, the table's own under TABLE.

    `hash` is None where it does not tell all of the rows. `key`: the columns that tell rows apart, none where unknown.
    """

    name: str
    rows: int
    columns: dict[str, str]
    key: tuple[str, ...]
    comments: dict[str, str]
    hash: str | None


def type_of(duckdb_type: str) -> str:
    """PostgreSQL's type for one of DuckDB's simple types; TIMESTAMP is UTC without saying so in both."""
    if found := DECIMAL.fullmatch(duckdb_type):
        return f"numeric({found[1]},{found[2]})"
    return TYPES[duckdb_type]


def manifest_of(version: Path) -> dict[str, Any]:
    return json.loads((version / MANIFEST).read_text())


def tables_of(
    connection: duckdb.DuckDBPyConnection, database: str, manifest: dict[str, Any], not_hashed: set[str]
) -> list[Table]:
    """The tables of a version, whose DuckDB file is attached as `database`."""
    among = f"where database_name = {literal(database)}"
    texts = connection.execute(f"select table_name, comment from duckdb_tables() {among}").fetchall()
    comments = {name: {TABLE: text} for name, text in texts}
    columns: dict[str, dict[str, str]] = {}
    sql = f"select table_name, column_name, data_type, comment from duckdb_columns() {among} order by column_index"
    for table, column, kind, text in connection.execute(sql).fetchall():
        columns.setdefault(table, {})[column] = type_of(kind)
        comments[table][column] = text
    keys = manifest.get("keys", {})
    return [
        Table(
            name,
            facts["rows"],
            columns[name],
            _short(connection, of(database, name), tuple(keys.get(name, ()))),
            {column: text for column, text in comments[name].items() if text},
            None if name in not_hashed else facts["hash"],
        )
        for name, facts in manifest["tables"].items()
    ]


def _short(connection: duckdb.DuckDBPyConnection, table: str, key: tuple[str, ...]) -> tuple[str, ...]:
    """The key, or none where it is longer than an index takes."""
    if not key:
        return key
    length = " + ".join(f"strlen({identifier(column)}::varchar)" for column in key)
    (longest,) = connection.execute(f"select coalesce(max({length}), 0) from {table}").fetchall()[0]
    return key if longest <= LONGEST_KEY else ()


def rows_of(database: str, table: Table) -> str:
    """The query of all rows of an attached version's table, as PostgreSQL can take them."""
    names = [
        f"replace({identifier(name)}, chr({NUL}), chr({INSTEAD})) as {identifier(name)}"
        if kind == "text"
        else identifier(name)
        for name, kind in table.columns.items()
    ]
    return f"select {', '.join(names)} from {of(database, table.name)}"


def as_csv(connection: duckdb.DuckDBPyConnection, query: str) -> Iterator[bytes]:
    """The rows of a query for COPY: text stands in quotes, null does not."""
    for batch in connection.sql(query).to_arrow_reader(ROWS_AT_ONCE):
        out = pa.BufferOutputStream()
        csv.write_csv(batch, out, csv.WriteOptions(include_header=False, quoting_style="needed"))
        yield out.getvalue().to_pybytes()


def copy_statement(schema: str, name: str, columns: Iterable[str]) -> str:
    return f"copy {of(schema, name)} ({', '.join(map(identifier, columns))}) from stdin (format csv)"


def create_statement(schema: str, name: str, columns: dict[str, str]) -> str:
    listed = ", ".join(f"{identifier(column)} {kind}" for column, kind in columns.items())
    return f"create table {of(schema, name)} ({listed})"


def alter_statement(schema: str, table: Table, there: dict[str, str]) -> str | None:
    """From the columns that are `there`; None where they are the table's. Its rows are all replaced afterwards, so a
    column of another type goes and comes anew: nobody's rights on the table go with it."""
    gone = [name for name, kind in there.items() if table.columns.get(name) != kind]
    new = [name for name, kind in table.columns.items() if there.get(name) != kind]
    steps = [f"drop column {identifier(name)}" for name in gone]
    steps += [f"add column {identifier(name)} {table.columns[name]}" for name in new]
    return f"alter table {of(schema, table.name)} {', '.join(steps)}" if steps else None


def comment_statements(schema: str, table: Table, there: dict[str, str]) -> Iterator[str]:
    """What differs from the comments that are `there`."""
    for column in (TABLE, *table.columns):
        text = table.comments.get(column)
        if text != there.get(column):
            name = of(schema, table.name)
            what = f"table {name}" if column == TABLE else f"column {name}.{identifier(column)}"
            yield f"comment on {what} is {literal(text) if text else 'null'}"


def of(schema: str, name: str) -> str:
    return f"{identifier(schema)}.{identifier(name)}"
