"""The Spark session that a build works in: the engine's settings without which it means other things than DuckDB."""

from __future__ import annotations

from pathlib import Path

from pyspark.sql import SparkSession

#: Instants are without a zone, in UTC, as everywhere in this project; what cannot be cast is an error.
MEANING = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
}


def spark_session(folder: Path, master: str | None, extra: dict[str, str] | None = None) -> SparkSession:
    """The one session of this process; `folder` gets the tables and, where Spark is not told of another, the metastore.

    `master` None: what spark-defaults.conf or the environment says, else all cores of this machine.
    """
    metastore = f"jdbc:derby:;databaseName={folder / 'metastore'};create=true"
    builder = SparkSession.builder.appName("support-kpis").enableHiveSupport()
    settings = {
        "spark.ui.enabled": "false",
        "spark.sql.warehouse.dir": str(folder / "tables"),
        "spark.hadoop.javax.jdo.option.ConnectionURL": metastore,
        "spark.driver.extraJavaOptions": f"-Dderby.system.home={folder} -Dderby.stream.error.file={folder / 'derby.log'}",
    }
    if master:
        builder = builder.master(master)
    for name, value in (settings | MEANING | (extra or {})).items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session
