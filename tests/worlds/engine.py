"""A world through the compiled SQL: one in-memory DuckDB, the raw and control tables, every model, the results.

What the world says stands in `tests.reference.world`; nothing is judged here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal

import duckdb
import pyarrow as pa

from tests.reference.world import SOURCE, World
from tests.worlds.compiled import DATABASE, RESULTS, TIMESERIES, Compiled

_ARROW = {
    "VARCHAR": pa.string(), "TIMESTAMP": pa.timestamp("us"), "BIGINT": pa.int64(), "INTEGER": pa.int32(),
    "DATE": pa.date32(), "BOOLEAN": pa.bool_(), "DOUBLE": pa.float64(),
}  # fmt: skip


def sql_timeseries(compiled: Compiled, world: World) -> list[dict]:
    """The rows of mart_kpi_timeseries as DuckDB gives them."""
    return sql_tables(compiled, world)[TIMESERIES]


def sql_tables(compiled: Compiled, world: World) -> dict[str, list[dict]]:
    """The rows of every mart under test."""
    with raw_world(compiled, world) as con:
        return built_tables(compiled, con)


@contextmanager
def raw_world(compiled: Compiled, world: World) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database with what the world says in `raw` and `control`, and no model yet."""
    with duckdb.connect(config={"threads": 2}) as con:
        con.execute("set TimeZone = 'UTC'")
        con.execute(f"attach ':memory:' as {DATABASE}")
        con.execute(f"use {DATABASE}")
        con.execute("create schema raw; create schema control")
        contents = _contents(compiled, world)
        for table, columns in compiled.tables.items():
            _create(con, table, columns, contents.get(table, []))
        yield con


def built_timeseries(compiled: Compiled, con: duckdb.DuckDBPyConnection) -> list[dict]:
    """mart_kpi_timeseries alone."""
    return built_tables(compiled, con)[TIMESERIES]


def built_tables(compiled: Compiled, con: duckdb.DuckDBPyConnection) -> dict[str, list[dict]]:
    """The same from `raw` and `control` as they stand in the database that `con` uses, which is called DATABASE."""
    for (name, _), statement in zip(compiled.models, compiled.statements, strict=True):
        try:
            con.execute(statement)
        except duckdb.Error as error:
            raise AssertionError(f"{name}: {error}") from error
    return {name: _rows(con, name) for name in RESULTS}


def _rows(con: duckdb.DuckDBPyConnection, table: str) -> list[dict]:
    found = con.execute(f"select * from main.{table}")
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _contents(compiled: Compiled, world: World) -> dict[str, list[dict]]:
    """Table -> rows. Every raw row has its place in the order of loading; all of a stream come from one file."""
    found = {f"control.cfg_{name}": rows for name, rows in world.configuration.items() if name != "sectors"}
    found["control.sectors"] = world.configuration["sectors"]
    found["control.run_settings"] = [{"as_of": world.as_of, "run_id": "world", **world.settings}]
    for stream, rows in world.streams.items():
        found[f"raw.{SOURCE}__{stream}"] = [
            {"_file": "world", "_load_no": number, "_row_no": number, "_row_hash": str(number), **row}
            for number, row in enumerate(rows, start=1)
        ]
    unknown = found.keys() - compiled.tables.keys()
    assert not unknown, f"the world has tables the project does not know: {unknown}"
    return found


def _create(con: duckdb.DuckDBPyConnection, table: str, columns: dict[str, str], rows: list[dict]) -> None:
    typed = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
    con.execute(f"create table {table} ({typed})")
    if not rows:
        return
    unknown = {name for row in rows for name in row} - columns.keys()
    assert not unknown, f"{table} has no column {unknown}"
    schema = pa.schema([(name, _arrow_type(kind)) for name, kind in columns.items()])
    listed = [{name: _cell(row.get(name), kind) for name, kind in columns.items()} for row in rows]
    con.register("_rows", pa.Table.from_pylist(listed, schema=schema))
    con.execute(f"insert into {table} select * from _rows")
    con.unregister("_rows")


def _arrow_type(kind: str) -> pa.DataType:
    if kind.startswith("DECIMAL("):
        precision, scale = (int(part) for part in kind[8:-1].split(","))
        return pa.decimal128(precision, scale)
    return _ARROW[kind]


def _cell(value, kind: str):
    if value is None:
        return None
    if kind.startswith("DECIMAL("):
        return Decimal(str(value)).quantize(Decimal("0.000001"))
    return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value
