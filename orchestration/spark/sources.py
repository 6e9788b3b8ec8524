"""What the models read, in Spark's catalogue: the lake's files as tables, and the small tables of configuration.

The same as ingestion.warehouse makes in DuckDB, of the same manifest and settings. The files are linked into a folder
of the build's own, so that it reads what the manifest named when it began, whatever is loaded meanwhile.
"""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import duckdb
from pyspark.sql import SparkSession

from ingestion.adapters import STREAMS
from ingestion.configuration import Configuration
from ingestion.manifest import Manifest
from ingestion.quoting import literal
from ingestion.settings import Settings
from ingestion.warehouse import prepare_warehouse

_TYPES = {"VARCHAR": "string", "TIMESTAMP": "timestamp_ntz", "VARCHAR[]": "array<string>"}


def put_sources(
    session: SparkSession,
    schema: str,
    folder: Path,
    settings: Settings,
    configuration: Configuration,
    as_of: datetime,
    run_id: str,
) -> int:
    """Makes the tables in `schema` over files in `folder`. Returns how many files of the lake there are."""
    with Manifest(settings.manifest_path) as manifest:
        files = {id: manifest.lake_files(id) for id in STREAMS}
    for id, stream in STREAMS.items():
        own = folder / "__".join(id)
        own.mkdir(parents=True)
        for name in files[id]:
            os.link(settings.lake / name, own / Path(name).name)
        _table(session, schema, own, stream.lake_columns)
    with duckdb.connect() as con:
        con.execute("SET TimeZone = 'UTC'")
        prepare_warehouse(con, settings, configuration, as_of, run_id)
        named = con.execute("select table_name from duckdb_tables() where schema_name = 'control'").fetchall()
        for (name,) in named:
            own = folder / name
            own.mkdir()
            con.execute(f'COPY control."{name}" TO {literal(str(own / "rows.parquet"))} (FORMAT parquet)')
            columns = con.execute(
                "select column_name, data_type from duckdb_columns() where schema_name = 'control' and table_name = ?"
                " order by column_index",
                [name],
            ).fetchall()
            _table(session, schema, own, dict(columns))
    return sum(map(len, files.values()))


def _table(session: SparkSession, schema: str, folder: Path, columns: dict[str, str]) -> None:
    typed = ", ".join(f"`{name}` {_TYPES.get(type, type)}" for name, type in columns.items())
    session.sql(f"create table `{schema}`.`{folder.name}` ({typed}) using parquet location '{folder}'")
