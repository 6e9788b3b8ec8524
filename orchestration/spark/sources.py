"""What the models read, as tables of Spark's catalogue over Parquet: the lake's files and the tables of configuration.

The same as ingestion.warehouse makes in DuckDB, of the same manifest and settings. Files of the lake are linked into a
folder of the build's own: it reads what the manifest named when it began, whatever is loaded meanwhile. Where a copy of
the lake is in an object store, executors read that instead, with the driver that landing areas have, and the tables are
the build's own: Spark needs no connector for the store.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from pyspark.sql import SparkSession
from pyspark.sql.pandas.types import to_arrow_schema
from pyspark.sql.types import StructType

from ingestion.adapters import STREAMS
from ingestion.configuration import Configuration
from ingestion.manifest import Manifest
from ingestion.quoting import identifier, literal
from ingestion.remote.opening import Remote
from ingestion.settings import Settings
from ingestion.streams import StreamId
from ingestion.warehouse import prepare_warehouse
from orchestration.spark.stored_lake import Say, put_lake

_TASKS_PER_CORE = 4
_TYPES = {"VARCHAR": "string", "TIMESTAMP": "timestamp_ntz", "VARCHAR[]": "array<string>"}


def lake_tables(session: SparkSession, schema: str, folder: Path, settings: Settings, place: Path, say: Say) -> int:
    """A table <source>__<stream> for every stream; a column that no file has yet is null. Returns how many files.

    `folder` is the build's, `place` the home's for Spark. The caller holds the run lock.
    """
    with Manifest(settings.manifest_path) as manifest:
        files = {id: manifest.lake_files(id) for id in STREAMS}
    if settings.spark_lake:
        store = put_lake(settings, place, [name for names in files.values() for name in names], say)
        for id, names in files.items():
            _stored_table(session, schema, id, store, [f"{store.root}/{name}" for name in names])
    else:
        for id, names in files.items():
            _linked_table(session, schema, id, settings, names, folder)
    return sum(map(len, files.values()))


def _linked_table(
    session: SparkSession, schema: str, id: StreamId, settings: Settings, names: list[str], folder: Path
) -> None:
    own = folder / "__".join(id)
    own.mkdir(parents=True)
    for name in names:
        os.link(settings.lake / name, own / Path(name).name)
    _table(session, schema, own, STREAMS[id].lake_columns)


def _stored_table(session: SparkSession, schema: str, id: StreamId, store: Remote, paths: list[str]) -> None:
    typed = StructType.fromDDL(_typed(STREAMS[id].lake_columns))
    of = session.createDataFrame([(path,) for path in paths], "path string")
    if paths:
        of = of.repartition(min(len(paths), session.sparkContext.defaultParallelism * _TASKS_PER_CORE))
    read = _reader(store.protocol, store.arguments, to_arrow_schema(typed))
    of.mapInArrow(read, typed).write.saveAsTable(f"`{schema}`.`{'__'.join(id)}`", format="parquet")


def _reader(
    protocol: str, arguments: dict[str, Any], schema: pa.Schema
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Rows of the Parquet files whose paths are told; goes to executors by its code, as they have none of ours."""

    def read(told: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import fsspec
        import pyarrow
        from pyarrow.parquet import ParquetFile

        filesystem = fsspec.filesystem(protocol, **arguments)
        for path in (path for batch in told for path in batch.column(0).to_pylist()):
            with filesystem.open(path, "rb") as file:
                for rows in ParquetFile(file).iter_batches():
                    yield pyarrow.RecordBatch.from_arrays(
                        [
                            rows.column(column.name).cast(column.type)
                            if column.name in rows.schema.names
                            else pyarrow.nulls(len(rows), column.type)
                            for column in schema
                        ],
                        schema=schema,
                    )

    return read


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
    location = f"using parquet location '{folder}'"
    session.sql(f"create table `{schema}`.`{folder.name}` ({_typed(columns)}) {location}")


def _typed(columns: Mapping[str, str]) -> str:
    return ", ".join(f"`{name}` {_TYPES.get(type, type)}" for name, type in columns.items())
