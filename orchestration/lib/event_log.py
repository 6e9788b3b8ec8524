"""How this process writes Dagster's own SQLite files: its record of runs, no data of ours."""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine


def spare_syncs() -> None:
    """Let SQLite wait for the disk at its checkpoints, and not after each of a night's some 3,000 small commits.

    The files are in WAL mode: a crash of the process loses nothing, one of the machine at most the latest events.
    """
    if not event.contains(Engine, "connect", _spare):
        event.listen(Engine, "connect", _spare)


def _spare(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous = NORMAL")
