"""Takes forgotten customers out of what runs leave behind: logs, dbt's artifacts, Dagster's storage.

A second net: nothing of a customer should stand there in the first place. Lake and quarantine are ingestion's to clean,
warehouse and versions are made anew.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, String, Table, inspect, select, update

from ingestion.forgotten_text import ForgottenText
from ingestion.settings import Settings
from orchestration.lib.home import has_own_config

_SQLITE = b"SQLite format 3\0"
#: Parts of a database beside it, which come and go with those who open it.
_PARTS = ("-wal", "-shm", "-journal")


def remove_traces(settings: Settings, text: ForgottenText) -> int:
    """Writes over every name and key of a forgotten customer; gives the number of files and tables that had
    one."""
    folders = (settings.logs, settings.dbt_dir, settings.dagster_home)
    paths = [path for folder in folders for path in sorted(folder.rglob("*"))]
    return sum(_in_path(path, text) for path in paths) + _on_server(settings, text)


def _on_server(settings: Settings, text: ForgottenText) -> int:
    """Dagster's storage, where the home's own dagster.yaml may have put it elsewhere."""
    if not has_own_config(settings):
        return 0
    import dagster as dg
    from dagster._core.storage.event_log.schema import SqlEventLogStorageMetadata
    from dagster._core.storage.runs.schema import RunStorageSqlMetadata
    from dagster._core.storage.schedules.schema import ScheduleStorageSqlMetadata

    with dg.DagsterInstance.from_config(str(settings.dagster_home)) as instance:
        places = [
            (instance.event_log_storage.index_connection, SqlEventLogStorageMetadata),
            (instance.run_storage.connect, RunStorageSqlMetadata),
            (instance.schedule_storage.connect, ScheduleStorageSqlMetadata),
        ]
        found = 0
        for connect, metadata in places:
            with connect() as connection:
                there = inspect(connection).get_table_names()
                tables = [table for table in metadata.sorted_tables if table.name in there]
                found += sum(_in_table(connection, table, text) for table in tables)
    return found


def _in_table(connection: Connection, table: Table, text: ForgottenText) -> bool:
    found = False
    for column in [column for column in table.columns if isinstance(column.type, String)]:
        values = connection.execute(select(column).where(column.is_not(None))).scalars()
        held = {value for value in values if text.holds(value)}
        for value in held:
            connection.execute(update(table).where(column == value).values({column.name: text.redacted(value)}))
        found |= bool(held)
    return found


def _in_path(path: Path, text: ForgottenText) -> bool:
    if path.is_symlink() or not path.is_file() or path.name.endswith(_PARTS):
        return False
    return _in_database(path, text) if _is_database(path) else _in_file(path, text)


def _is_database(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_SQLITE)) == _SQLITE


def _in_file(path: Path, text: ForgottenText) -> bool:
    before = path.read_bytes().decode("utf-8", "surrogateescape")
    if not text.holds(before):
        return False
    # In place: the log of this very run may be open for appending.
    path.write_bytes(text.redacted(before).encode("utf-8", "surrogateescape"))
    return True


def _in_database(path: Path, text: ForgottenText) -> bool:
    found = False
    with closing(sqlite3.connect(path, timeout=60)) as db:
        for table, column in _text_columns(db):
            for rowid, value in db.execute(f'select rowid, "{column}" from "{table}"').fetchall():
                if isinstance(value, str) and text.holds(value):
                    db.execute(f'update "{table}" set "{column}" = ? where rowid = ?', (text.redacted(value), rowid))
                    found = True
        db.commit()
        if found:
            db.execute("vacuum")
            db.execute("pragma wal_checkpoint(truncate)")
    return found


def _text_columns(db: sqlite3.Connection) -> list[tuple[str, str]]:
    tables = db.execute("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'").fetchall()
    return [
        (table, column)
        for (table,) in tables
        for _, column, kind, *_ in db.execute(f'pragma table_info("{table}")').fetchall()
        if kind.upper().startswith(("TEXT", "VARCHAR", "CHAR", "JSON"))
    ]
