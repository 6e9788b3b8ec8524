"""What tables and columns mean, for whoever opens a version: dbt's texts as comments in its DuckDB file.

Not here: the texts (the .yml beside every model) and the page of them (lib.docs).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb

from ingestion.quoting import identifier, literal

#: The column under which the text of a table itself stands.
TABLE = ""


def descriptions_of(manifest: dict[str, Any], models: list[str]) -> dict[tuple[str, str], str]:
    """(table, column or TABLE) -> its text, of these models in dbt's manifest."""
    found = {}
    for node in manifest["nodes"].values():
        if node["resource_type"] == "model" and node["name"] in models:
            found[node["name"], TABLE] = node["description"]
            found |= {(node["name"], name): column["description"] for name, column in node["columns"].items()}
    return found


def comment(connection: duckdb.DuckDBPyConnection, descriptions: Mapping[tuple[str, str], str]) -> None:
    """Makes these the comments in the attached `published`; what says so already, or is not there, is left alone."""
    there = connection.execute(
        f"select table_name, {literal(TABLE)}, comment from duckdb_tables() where database_name = 'published'"
        " union all select table_name, column_name, comment from duckdb_columns() where database_name = 'published'"
    ).fetchall()
    # One transaction: else every comment waits for the disk.
    connection.execute("begin")
    for table, column, said in there:
        text = descriptions.get((table, column))
        if text is not None and text != said:
            of = f"published.main.{identifier(table)}"
            what = f"table {of}" if column == TABLE else f"column {of}.{identifier(column)}"
            connection.execute(f"comment on {what} is {literal(text)}")
    connection.execute("commit")
