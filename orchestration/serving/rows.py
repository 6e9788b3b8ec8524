"""The rows of one table: only those that differ from the version that is there, where that one still stands on our
disk, else all of them.

Belongs here: replacing rows inside the transaction of a load. Not here: columns, keys, comments (serving.load).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from ingestion.quoting import identifier
from orchestration.serving.place import driver
from orchestration.serving.tables import Table, as_csv, copy_statement, create_statement, of, rows_of

if TYPE_CHECKING:
    import psycopg

#: The attached versions: the one to be served, and the one that is.
PUBLISHED, BEFORE = "published", "before"
#: Keys of rows that go; made and dropped in one transaction, so that nobody else sees it.
_GONE = "served_gone"


class _OtherRowsError(Exception):
    """The table does not hold what was served there: somebody has changed it."""


class Rows:
    """Writes into a schema of the server out of the attached versions."""

    def __init__(self, server: psycopg.Connection, connection: duckdb.DuckDBPyConnection, schema: str) -> None:
        self._server, self._connection, self._schema = server, connection, schema

    def fill(self, table: Table) -> int:
        """Of a table without rows; gives the number of rows written."""
        return self._copy(table.name, table.columns, rows_of(PUBLISHED, table))

    def replace(self, table: Table) -> int:
        """All of them."""
        self._server.execute(f"delete from {of(self._schema, table.name)}")
        return self.fill(table)

    def change(self, table: Table) -> int:
        """Those that differ from the attached version before, which has the table with the same columns and key. All
        of them where the server turns out to hold others."""
        try:
            with self._server.transaction():
                return self._change(table)
        except (driver().IntegrityError, _OtherRowsError):
            return self.replace(table)

    def _change(self, table: Table) -> int:
        now, before = rows_of(PUBLISHED, table), rows_of(BEFORE, table)
        key = {name: table.columns[name] for name in table.key}
        self._server.execute(create_statement(self._schema, _GONE, key))
        gone = f"select {', '.join(map(identifier, key))} from ({before} except {now})"
        if self._copy(_GONE, key, gone):
            self._server.execute(f"analyze {of(self._schema, _GONE)}")
            same = " and ".join(f"there.{identifier(name)} = gone.{identifier(name)}" for name in key)
            table_name, gone_name = of(self._schema, table.name), of(self._schema, _GONE)
            self._server.execute(f"delete from {table_name} there using {gone_name} gone where {same}")
        self._server.execute(f"drop table {of(self._schema, _GONE)}")
        written = self._copy(table.name, table.columns, f"{now} except {before}")
        (rows,) = self._server.execute(f"select count(*) from {of(self._schema, table.name)}").fetchone()
        if rows != table.rows:
            raise _OtherRowsError
        return written

    def _copy(self, name: str, columns: dict[str, str], query: str) -> int:
        with self._server.cursor() as cursor:
            with cursor.copy(copy_statement(self._schema, name, columns)) as copy:
                for lines in as_csv(self._connection, query):
                    copy.write(lines)
            return cursor.rowcount
