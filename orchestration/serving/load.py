"""The current version into the server, in one transaction: a reader sees the version before, then all of this one.

Rows are replaced where they stand. A reader keeps the rows that its statement found (in a transaction of isolation
`repeatable read`: its first statement), waits for nobody and is waited for by nobody; rights on the tables, and views
that others made on them, stay. Schemas or views that are switched would give none of that: every statement looks names
up anew, so an older transaction would come upon tables that are empty for it, or hold the switch up.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from ingestion.configuration import Configuration
from ingestion.errors import ConfigError
from ingestion.limits import limits_of
from ingestion.quoting import identifier, literal
from ingestion.settings import Settings
from orchestration.lib import versions
from orchestration.lib.connecting import connect
from orchestration.lib.descriptions import TABLE
from orchestration.lib.tables import NOT_HASHED
from orchestration.serving.place import Place, ServeError, connected, driver
from orchestration.serving.rows import BEFORE, PUBLISHED, Rows
from orchestration.serving.tables import (
    Table,
    alter_statement,
    comment_statements,
    create_statement,
    manifest_of,
    of,
    tables_of,
)
from orchestration.serving.there import SERVED, There, look

if TYPE_CHECKING:
    import psycopg

#: How long a statement that changes columns, or another load, is waited for.
LOCK_SECONDS = 30
#: Of the transaction alone. The server's own limits of time are not for a load.
SESSION = {
    "lock_timeout": f"{LOCK_SECONDS}s", "statement_timeout": "0", "idle_in_transaction_session_timeout": "0",
    "standard_conforming_strings": "on", "datestyle": "ISO", "search_path": "pg_catalog",
}  # fmt: skip
_SERVED_COLUMNS = {
    "run_id": ("text primary key", "The published version that all tables of this schema show."),
    "as_of": ("timestamp not null", "The instant that it is judged by, UTC."),
    "published_at": ("timestamptz not null", "When it was published."),
    "served_at": ("timestamptz not null", "When it was loaded here."),
    "hashes": ("jsonb not null", "Table -> hash of its content; null where that does not tell all of it."),
}


@dataclass(frozen=True)
class Served:
    """What was done. `loaded`: tables with other rows than before; `rows`: written to these."""

    run_id: str
    tables: int
    loaded: int
    rows: int
    seconds: float


def serve(settings: Settings, configuration: Configuration, place: Place, say: Callable[[str], None]) -> Served:
    """Loads what has changed. Raises ConfigError without the driver, ServeError for all that keeps the old version.

    The caller holds the run lock, so that the version stays.
    """
    driver()
    version = (settings.published / "current").resolve()
    if not version.exists():
        raise ServeError("nothing is published yet; start with support-kpis run")
    began = time.monotonic()
    limits = limits_of(configuration.settings).of_duckdb(settings.tmp)
    try:
        with (
            closing(connected(place)) as server,
            connect(":memory:", limits) as connection,
        ):
            loading = _Loading(server, connection, place)
            with server.transaction():
                loading.version(version)
            rows = sum(loading.loaded.values())
            told = f"{len(loading.loaded)} tables differ from what was there, {rows:,} rows written"
            say(f"served: {loading.run_id} in schema {place.schema}, {told}")
            loading.vacuum(say)
    except ConfigError:
        raise
    except Exception as error:  # whatever it is, its words may hold what nobody is to read
        failed = place.told(error)
    else:
        seconds = time.monotonic() - began
        return Served(loading.run_id, len(loading.hashes), len(loading.loaded), rows, seconds)
    # Out of the block above: a chained error would be stored as it is.
    raise ServeError(failed)


class _Loading:
    """One transaction. `loaded`: table -> rows written, of those whose rows are others than before."""

    def __init__(self, server: psycopg.Connection, connection: duckdb.DuckDBPyConnection, place: Place) -> None:
        self._server, self._connection, self._place = server, connection, place
        self._schema = place.schema
        self._rows = Rows(server, connection, place.schema)
        self._before: dict[str, Table] = {}
        self.run_id = ""
        self.hashes: dict[str, str | None] = {}
        self.loaded: dict[str, int] = {}

    def version(self, folder: Path) -> None:
        manifest = manifest_of(folder)
        self.run_id = manifest["run_id"]
        for name, value in SESSION.items():
            self._server.execute("select set_config(%s, %s, true)", [name, value])
        # What a killed load has left ends as soon as the server sees that nobody is there.
        self._server.execute("select pg_advisory_xact_lock(hashtext('support-kpis'), hashtext(%s))", [self._schema])
        there = look(self._server, self._schema)
        tables = self._attached(folder, PUBLISHED)
        if there.run_id in versions.newest_first(folder.parent.parent):
            self._before = {table.name: table for table in self._attached(folder.with_name(there.run_id), BEFORE)}
        self._refuse_others(there, tables)
        if not there.is_there:
            self._server.execute(f"create schema {identifier(self._schema)}")
        for table in tables:
            self._table(table, there)
            self.hashes[table.name] = table.hash
        for name in sorted((there.hashes.keys() - self.hashes.keys()) & there.columns.keys()):
            self._server.execute(f"drop table {of(self._schema, name)}")
        if there.run_id != self.run_id or self.loaded:
            self._note(manifest, there)
        self._grant()

    def _attached(self, folder: Path, name: str) -> list[Table]:
        self._connection.execute(f"attach {literal(str(folder / 'support_kpis.duckdb'))} as {name} (read_only)")
        return tables_of(self._connection, name, manifest_of(folder), set(NOT_HASHED))

    def _refuse_others(self, there: There, tables: list[Table]) -> None:
        names = {table.name for table in tables}
        if others := sorted(there.columns.keys() & (names - there.hashes.keys())):
            told = f"the schema {self._schema} has a table {others[0]} that support-kpis did not make"
            raise ServeError(f"{told}; name another schema under [serving.postgres] in settings.toml")

    def _table(self, table: Table, there: There) -> None:
        columns, (key_name, key) = there.columns.get(table.name), there.keys.get(table.name, ("", ()))
        is_new = columns is None
        columns = columns or {}
        is_same = {name for name, kind in columns.items() if table.columns.get(name) == kind}
        keeps_key = key == table.key and is_same.issuperset(key)
        altered = None if is_new else alter_statement(self._schema, table, columns)
        if is_new:
            self._server.execute(create_statement(self._schema, table.name, table.columns))
        elif key and not keeps_key:
            self._drop_key(table.name, key_name, key)
        if altered:
            self._server.execute(altered)
        is_other = there.run_id != self.run_id and (table.hash is None or table.hash != there.hashes.get(table.name))
        before = self._before.get(table.name)
        if is_new:
            self.loaded[table.name] = self._rows.fill(table)
        elif is_other and not altered and key and keeps_key and before and before.columns == table.columns:
            self.loaded[table.name] = self._rows.change(table)
        elif is_other or altered:
            self.loaded[table.name] = self._rows.replace(table)
        if table.key and not keeps_key:
            names = ", ".join(map(identifier, table.key))
            self._server.execute(f"alter table {of(self._schema, table.name)} add primary key ({names})")
        told = there.comments.get(table.name, {})
        # A column that went took its comment along.
        told = {name: text for name, text in told.items() if name == TABLE or name in is_same}
        for statement in comment_statements(self._schema, table, told):
            self._server.execute(statement)

    def _drop_key(self, table: str, name: str, columns: tuple[str, ...]) -> None:
        steps = [f"drop constraint {identifier(name)}"]
        steps += [f"alter column {identifier(column)} drop not null" for column in columns]
        self._server.execute(f"alter table {of(self._schema, table)} {', '.join(steps)}")

    def _note(self, manifest: dict[str, Any], there: There) -> None:
        name = of(self._schema, SERVED)
        if SERVED not in there.columns:
            for statement in _served_statements(name):
                self._server.execute(statement)
        self._server.execute(f"delete from {name}")
        self._server.execute(
            f"insert into {name} values (%s, %s::timestamptz at time zone 'UTC', %s::timestamptz, now(), %s::jsonb)",
            [self.run_id, manifest["as_of"], manifest["published_at"], json.dumps(self.hashes)],
        )

    def _grant(self) -> None:
        """The rights of the readers that they do not have yet."""
        for role in self._place.readers:
            schema, quoted = identifier(self._schema), identifier(role)
            (may,) = self._server.execute(
                "select has_schema_privilege(%s, %s, 'usage')", [role, self._schema]
            ).fetchone()
            if not may:
                self._server.execute(f"grant usage on schema {schema} to {quoted}")
            lacking = self._server.execute(
                "select relname from pg_class where relnamespace = %s::regnamespace and relkind = 'r'"
                " and not has_table_privilege(%s, oid, 'select')",
                [schema, role],
            ).fetchall()
            for (table,) in lacking:
                self._server.execute(f"grant select on {of(self._schema, table)} to {quoted}")

    def vacuum(self, say: Callable[[str], None]) -> None:
        """Makes room of the rows that were replaced. What a reader still sees stays for the server's own, or for the
        next time."""
        if self.loaded:
            names = ", ".join(of(self._schema, name) for name in (*self.loaded, SERVED))
            try:
                self._server.execute(f"vacuum (analyze, skip_locked) {names}")
            except driver().Error as error:
                say(f"served: not vacuumed, which the server does by itself ({self._place.told(error)})")


def _served_statements(name: str) -> Iterator[str]:
    columns = ", ".join(f"{column} {kind}" for column, (kind, _) in _SERVED_COLUMNS.items())
    yield f"create table {name} ({columns})"
    yield f"comment on table {name} is 'One row: the published version that this schema shows.'"
    for column, (_, text) in _SERVED_COLUMNS.items():
        yield f"comment on column {name}.{column} is {literal(text)}"
