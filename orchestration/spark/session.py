"""The Spark session that a build works in, with the settings that make Spark mean what DuckDB means."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from pyspark.sql import SparkSession

#: Instants are without a zone, in UTC, as everywhere in this project; what cannot be cast is an error.
MEANING = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.ansi.enabled": "true",
}


def spark_session(folder: Path, master: str | None = None, conf: Mapping[str, str] | None = None) -> SparkSession:
    """The one session of this process. `folder` gets the tables and a metastore, unless `conf` names other places.

    `master` None: what Spark itself is configured to, else all cores of this machine. Python of executors: that of
    PYSPARK_PYTHON, else this one's path.
    """
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    metastore = f"jdbc:derby:;databaseName={folder / 'metastore'};create=true"
    usual = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.extraJavaOptions": f"-Dderby.stream.error.file={folder / 'derby.log'}",
        "spark.hadoop.javax.jdo.option.ConnectionURL": metastore,
        "spark.sql.warehouse.dir": str(folder / "tables"),
    }
    builder = SparkSession.builder.appName("support-kpis").enableHiveSupport()
    if master:
        builder = builder.master(master)
    session = builder.config(map={**usual, **(conf or {}), **MEANING}).getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session
