"""What the tests of Spark share: whether there is one, its settings for small data, and rows held against DuckDB's."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb
import pytest

needs_spark = pytest.mark.skipif(
    importlib.util.find_spec("pyspark") is None or shutil.which("java") is None,
    reason="no pyspark or no Java in this environment: make test-engines runs this in one that has them",
)
#: A thousand small statements: planning is all that costs time.
SMALL = {
    "spark.driver.memory": "3g",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}
#: Floating point is added up in another order there, and some functions come from another library.
CLOSE = 1e-9


def spark_table(place: Path, schema: str, table: str) -> str:
    """The rows that Spark wrote, as a relation of DuckDB's."""
    folder = place / "tables" / f"{schema}.db" / table
    return f"read_parquet('{folder}/*.parquet')"


def differences(
    con: duckdb.DuckDBPyConnection,
    ours: Mapping[str, str],
    theirs: Mapping[str, str],
    keys: Mapping[str, Iterable[str]],
) -> dict[str, list[tuple]]:
    """Table -> some rows that differ, of relations on both sides. Cast to our types; doubles may differ by CLOSE."""
    found = {}
    for table, key in keys.items():
        con.execute(f"create or replace temp table ours as select * from {ours[table]}")
        types = dict(con.execute("select column_name, column_type from (describe ours)").fetchall())
        cast = ", ".join(f'cast("{name}" as {type}) as "{name}"' for name, type in types.items())
        con.execute(f"create or replace temp table theirs as select {cast} from {theirs[table]}")
        on = " and ".join(f'ours."{name}" = theirs."{name}"' for name in key)
        unlike = " or ".join(_unlike(f'"{name}"', type) for name, type in types.items())
        first = next(iter(key))
        rows = con.execute(
            f"select ours, theirs from ours full join theirs on {on}"
            f' where ours."{first}" is null or theirs."{first}" is null or {unlike} limit 3'
        ).fetchall()
        if rows:
            found[table] = rows
    return found


def _unlike(name: str, type: str) -> str:
    a, b = f"ours.{name}", f"theirs.{name}"
    if type == "DOUBLE":
        return f"({a} is distinct from {b} and coalesce(abs({a} - {b}) > {CLOSE} * greatest(1, abs({a})), true))"
    return f"{a} is distinct from {b}"
