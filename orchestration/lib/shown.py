"""What Dagster shows of a table beside its materialization: how many rows, and the first few of a mart or dimension.

Not here: facts, whose rows are single customers' affairs; who may read a version finds them there.
"""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any

import dagster as dg
import duckdb

from orchestration.lib.targets import escape

ROWS = 5
WIDTH = 40
PREVIEWED = ("mart_", "dim_")
# What tells most stands first: the page shows the first columns, and more to who scrolls.
OF_KPIS = ("kpi_id", "value", "unit", "grain", "period_start", "sample_size")


def tables(connection: duckdb.DuckDBPyConnection, names: Collection[str]) -> dict[str, dict[str, Any]]:
    """Name -> metadata, of each of `names`; nothing of views, whose rows are not counted without computing them."""
    built = "select table_name from duckdb_tables() where schema_name = 'main' and not internal"
    there = {name for (name,) in connection.execute(built).fetchall()} & set(names)
    counts = " union all ".join(f"select '{name}', count(*) from main.{name}" for name in sorted(there))
    rows = dict(connection.execute(counts).fetchall()) if there else {}
    told: dict[str, dict[str, Any]] = {name: {} for name in names}
    for name in there:
        told[name]["dagster/row_count"] = rows[name]
        if name.startswith(PREVIEWED):
            told[name]["preview"] = dg.MetadataValue.md(preview(connection, name))
    return told


def preview(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """A few rows as a Markdown table; of a mart of KPIs the newest periods over everything."""
    columns = [name for name, *_ in connection.execute(f"describe main.{table}").fetchall()]
    rows = f"main.{table}"
    if {*OF_KPIS, "dimension"} <= set(columns):
        columns = list(OF_KPIS)
        rows += " where dimension = 'all' order by period_start desc, grain, kpi_id"
    found = connection.execute(f"select {', '.join(columns)} from {rows} limit {ROWS}").fetchall()
    lines = [columns, ["---"] * len(columns), *([_cell(value) for value in row] for row in found)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(value: Any) -> str:
    text = "" if value is None else f"{float(value):.6g}" if isinstance(value, float | Decimal) else str(value)
    return escape(text if len(text) <= WIDTH else f"{text[: WIDTH - 1]}…")
