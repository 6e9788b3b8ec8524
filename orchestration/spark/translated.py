"""dbt-spark, told to say the project's queries in Spark's words (dialect.py). Its own statements stay as they are."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from dbt.adapters.spark.connections import SparkConnectionManager
from dbt_common.exceptions import DbtRuntimeError
from pyspark.sql import SparkSession
from sqlglot.errors import SqlglotError

from orchestration.spark.dialect import to_spark

_MAKING = re.compile(r"(create (?:table|view) \S+\s+(?:using parquet\s+)?as)\s(.*)", re.DOTALL | re.IGNORECASE)
_QUERY = re.compile(r"(?:with|select)\s", re.IGNORECASE)
_COMMENTS = re.compile(r"^(?:\s*(?:--[^\n]*\n|/\*.*?\*/))+", re.DOTALL)


@cache
def translate_queries() -> None:
    """From now on, in this process."""
    add_query = SparkConnectionManager.add_query

    def add_translated(self: SparkConnectionManager, sql: str, *told: Any, **named: Any) -> Any:
        return add_query(self, translated(sql, _columns), *told, **named)

    SparkConnectionManager.add_query = add_translated


def translated(statement: str, columns: Any) -> str:
    """A statement with its query in Spark's words; itself where it has none. Raises DbtRuntimeError with the place."""
    said = _COMMENTS.sub("", statement).strip().rstrip(";")
    made = _MAKING.fullmatch(said)
    if not made and not _QUERY.match(said):
        return statement
    head, query = made.groups() if made else ("", said)
    try:
        return f"{head} {to_spark(query, columns)}"
    except SqlglotError as error:
        raise DbtRuntimeError(f"cannot be said in Spark's SQL: {error}") from error


def _columns(query: str) -> list[str]:
    return SparkSession.builder.getOrCreate().sql(query).columns
