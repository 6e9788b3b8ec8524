"""What the models read, as tables of Spark's catalogue over Parquet: the lake's files and the tables of configuration.

The same as ingestion.warehouse makes in DuckDB, of the same manifest and settings. Files of the lake are linked into a
folder of the build's own: it reads what the manifest named when it began, whatever is loaded meanwhile.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

import duckdb
from pyspark.sql import SparkSession

from ingestion.adapters import STREAMS
from ingestion.configuration import Configuration
from ingestion.manifest import Manifest
from ingestion.quoting import identifier, literal
from ingestion.settings import Settings
from ingestion.warehouse import prepare_warehouse

_TYPES = {"VARCHAR": "string", "TIMESTAMP": "timestamp_ntz", "VARCHAR[]": "array<string>"}


def link_lake(settings: Settings, folder: Path) -> int:
    """Links every file that the manifest names into `folder`/<source>__<stream>. Returns how many there are.

    The caller holds the run lock.
    """
    with Manifest(settings.manifest_path) as manifest:
        files = {id: manifest.lake_files(id) for id in STREAMS}
    for id, names in files.items():
        own = folder / "__".join(id)
        own.mkdir(parents=True)
        for name in names:
            os.link(settings.lake / name, own / Path(name).name)
    return sum(map(len, files.values()))


def lake_tables(session: SparkSession, schema: str, folder: Path) -> None:
    """A table for every stream over its linked files; a column that no file has yet is null."""
    for id, stream in STREAMS.items():
        _table(session, schema, folder / "__".join(id), stream.lake_columns)


def control_tables(
    session: SparkSession, schema: str, folder: Path, settings: Settings, configuration: Configuration, as_of: datetime
) -> None:
    """The tables of settings, configuration and accounting."""
    with duckdb.connect() as con:
        con.execute("SET TimeZone = 'UTC'")
        prepare_warehouse(con, settings, configuration, as_of, run_id=schema)
        copied_tables(session, schema, folder, con, ["control"])


def copied_tables(
    session: SparkSession, schema: str, folder: Path, con: duckdb.DuckDBPyConnection, of: Iterable[str]
) -> None:
    """The same tables as stand in schemas of a DuckDB database, by way of Parquet files in `folder`."""
    for source in of:
        told = con.execute(
            "select table_name, list({'name': column_name, 'type': data_type} order by column_index)"
            " from duckdb_columns() where schema_name = ? and not internal group by table_name order by table_name",
            [source],
        ).fetchall()
        for name, columns in told:
            own = folder / name
            own.mkdir(parents=True)
            rows, file = f"{identifier(source)}.{identifier(name)}", literal(str(own / "rows.parquet"))
            con.execute(f"COPY {rows} TO {file} (FORMAT parquet)")
            _table(session, schema, own, {column["name"]: column["type"] for column in columns})


def _table(session: SparkSession, schema: str, folder: Path, columns: Mapping[str, str]) -> None:
    typed = ", ".join(f"`{name}` {_TYPES.get(type, type)}" for name, type in columns.items())
    session.sql(f"create table `{schema}`.`{folder.name}` ({typed}) using parquet location '{folder}'")
