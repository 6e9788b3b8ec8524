"""How this process writes Dagster's own SQLite files: its record of runs, no data of ours.

Dagster opens and closes a file for each event, and SQLite, in WAL mode, brings a file to the disk whenever its last
connection closes. So one connection of ours stays open to each of the files in use. Dagster makes an engine for each
event, too, which connects and compiles every statement anew: here each file has one.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from dagster._core.storage.event_log.sqlite import sqlite_event_log
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Engine
from sqlalchemy.pool import Pool

#: Files kept open: the index, the runs and the events of a run or two. The webserver sees many runs.
KEPT = 4

_kept: OrderedDict[str, sqlite3.Connection] = OrderedDict()
_engines: OrderedDict[str, Engine] = OrderedDict()
_lock = threading.Lock()


def spare_syncs() -> None:
    """Let SQLite wait for the disk at its checkpoints, and not after each of a night's some 3,000 small commits.

    A crash of the process loses nothing, one of the machine at most the latest events.
    """
    if not event.contains(Engine, "connect", _spare):
        event.listen(Engine, "connect", _spare)
        # An engine for each event, and with it every statement compiled anew, is a tenth of a small night.
        sqlite_event_log.create_engine = _engine


@contextmanager
def closed_after() -> Iterator[None]:
    """Around the use of an instance: after it no file is open any more, and each is on the disk whole."""
    try:
        yield
    finally:
        with _lock:
            while _engines:
                _end(_engines.popitem()[1])
            while _kept:
                _kept.popitem()[1].close()


def _engine(address: str, poolclass: type[Pool], **options: Any) -> Engine:
    """One engine per file, with SQLAlchemy's own pool in place of `poolclass`, which Dagster disposes of in vain: what
    it would open again a moment later stays open."""
    with _lock:
        if (found := _engines.pop(address, None)) is None:
            found = create_engine(address, **options)
            found.dispose = lambda close=True: None
        _engines[address] = found
        if len(_engines) > KEPT:
            _end(_engines.popitem(last=False)[1])
    return found


def _end(engine: Engine) -> None:
    """Closes what is open."""
    Engine.dispose(engine)


def _spare(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous = NORMAL")
        (_, _, file), *_ = connection.execute("PRAGMA database_list").fetchall()
        with _lock, suppress(sqlite3.Error):  # what cannot be kept open is slow, and no fault
            _keep_open(file)


def _keep_open(file: str) -> None:
    if file in _kept:
        _kept.move_to_end(file)
        return
    ours = sqlite3.connect(file, check_same_thread=False)
    # Reading makes it one of the file's users; a file just made has another mode until Dagster has set it up.
    ((mode,),) = ours.execute("PRAGMA journal_mode").fetchall()
    if mode != "wal" or not ours.execute("SELECT count(*) FROM sqlite_master").fetchall():
        ours.close()
        return
    _kept[file] = ours
    if len(_kept) > KEPT:
        _kept.popitem(last=False)[1].close()
