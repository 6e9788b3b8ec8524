"""dbt-spark's connections, told to say the project's SQL in Spark's words (dialect.py)."""

from __future__ import annotations

import re

from dbt.adapters.spark.connections import SparkConnectionManager
from dbt_common.exceptions import DbtRuntimeError
from pyspark.sql import SparkSession
from sqlglot.errors import SqlglotError

from orchestration.spark.dialect import to_spark

# What dbt sends besides (show, describe, drop) is Spark's own.
_QUERY = re.compile(
    r"(?P<comment>\s*/\*.*?\*/)?(?P<head>\s*create (?:table|view) \S+ +(?:using parquet )?as)?\s+(?P<query>(?:with|select|from|\(|--|/\*).*)",
    re.DOTALL | re.IGNORECASE,
)


def translate_queries() -> None:
    """From now on, in this process."""
    add_query = SparkConnectionManager.add_query

    def add_translated(self: SparkConnectionManager, sql: str, *told: object, **named: object) -> object:
        return add_query(self, translated(sql), *told, **named)

    SparkConnectionManager.add_query = add_translated


def translated(statement: str) -> str:
    """A statement with its query in Spark's words; itself where it has none. Raises DbtRuntimeError with the place."""
    found = _QUERY.fullmatch(statement.rstrip().rstrip(";"))
    if not found:
        return statement
    try:
        return f"{found['head'] or ''} {to_spark(found['query'], _columns)}"
    except SqlglotError as error:
        raise DbtRuntimeError(f"not to be said in Spark's SQL: {error}") from error


def _columns(query: str) -> list[str]:
    session = SparkSession.getActiveSession() or SparkSession.builder.getOrCreate()
    return session.sql(query).columns
