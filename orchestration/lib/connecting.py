"""Opening a DuckDB file that somebody else may have open just now: a wait with back-off, then one line with the holder.

Not here: what is done with the connection. Nothing but a foreign lock is tried again.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

LOCKED = re.compile(r"Could not set lock on file|Conflicting lock is held")
HOLDER = re.compile(r"held in (.+?) \(PID (\d+)\)")
FIRST_WAIT_SECONDS, LOCK_SECONDS = 0.25, 60.0


class LockedError(Exception):
    """Another process had the file open for the whole wait; the message names it."""


@contextmanager
def connect(
    path: Path | str,
    config: dict[str, str],
    *,
    read_only: bool = False,
    wait_seconds: float = LOCK_SECONDS,
    say: Callable[[str], None] = lambda _: None,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the settings of Limits.of_duckdb, in UTC. Raises LockedError after `wait_seconds`."""
    connection = _open(path, config, read_only, wait_seconds, say)
    try:
        # As a statement: the extension behind it is not there yet while the connection is being made.
        connection.execute("set TimeZone = 'UTC'")
        yield connection
    finally:
        connection.close()


def _open(
    path: Path | str, config: dict[str, str], read_only: bool, wait_seconds: float, say: Callable[[str], None]
) -> duckdb.DuckDBPyConnection:
    deadline, pause, told = time.monotonic() + wait_seconds, FIRST_WAIT_SECONDS, False
    while True:
        try:
            return duckdb.connect(str(path), read_only=read_only, config=config | {"threads": 2})
        except duckdb.IOException as error:
            if not LOCKED.search(str(error)):
                raise
            found = HOLDER.search(str(error))
            holder = f"process {found[2]} ({found[1]})" if found else "another process"
        left = deadline - time.monotonic()
        if left <= 0:
            raise LockedError(f"{path} is held open by {holder} and was for {wait_seconds:g} s")
        if not told:
            say(f"waiting up to {wait_seconds:g} s for {holder}, which holds {path} open")
            told = True
        time.sleep(min(pause, left))
        pause *= 2
