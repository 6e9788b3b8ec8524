"""A whole night, full refresh, against the floor: DuckDB alone reads the exports and runs the compiled SQL once.

The floor has no Dagster, no dbt, no tests, no checks and no publication; its SQL reads the lake of an earlier night.
Memory is that of the night's largest process.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb

from tests.benchmarks import bare, home
from tests.benchmarks.measure import Row, alternating


def rows(folder: Path, scale: float, times: int) -> Iterator[Row]:
    given = home.published(folder, scale)
    (given / "reads.json").write_text(json.dumps(bare.told(home.landing_of(given))))
    timed = alternating(__name__, ("ours", "floor", "sql"), given, times)
    ratio = timed["ours"].seconds / timed["floor"].seconds
    yield Row("whole night, full refresh", str(timed["ours"]), f"floor {timed['floor']}", ratio, "≤ 1.6")
    yield Row("the same, memory", f"{timed['ours'].mib:,} MiB", f"{timed['floor'].mib:,} MiB", None, "≤ 4,096 MiB")


def ours(given: Path, work: Path) -> None:
    home.night(work, home.landing_of(given))


def floor(given: Path, work: Path) -> None:
    bare.copy(json.loads((given / "reads.json").read_text()), work)
    sql(given, work)


def sql(given: Path, work: Path) -> None:
    """The compiled SQL once, in order, over the lake and the control tables of the published home."""
    with duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        con.execute(f"attach '{given}/home/warehouse/warehouse.duckdb' as made (read_only)")
        con.execute(f"attach '{work}/warehouse.duckdb' as warehouse")
        con.execute("use warehouse")
        con.execute("create schema raw; create schema control")
        views = con.execute("select sql from duckdb_views() where database_name = 'made' and schema_name = 'raw'")
        for (view,) in views.fetchall():
            con.execute(view.replace("CREATE VIEW made.", "CREATE VIEW ", 1))
        names = "select table_name from duckdb_tables() where database_name = 'made' and schema_name = 'control'"
        for (name,) in con.execute(names).fetchall():
            con.execute(f'create table control."{name}" as from made.control."{name}"')
        for name, statement in home.compiled(given / "home"):
            con.execute(f'create table main."{name}" as {statement}')
