"""The lock that lets one run write at a time, whoever started it: command line, schedule or UI.

Belongs here: taking, naming and releasing the lock file. Not here: what a run does, or Dagster's own queue.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from orchestration.lib import run_steps

POLL_SECONDS = 0.2
UNKNOWN = {"run_id": "?", "pid": "?", "started": "?"}

# Paths this process holds: flock is per open file, so a second open by the same run would wait for itself.
_held: set[Path] = set()


class RunActiveError(Exception):
    """Another run holds the lock and did not end within the wait. The message names its process and start."""


@contextmanager
def hold(
    path: Path, *, wait_seconds: float, run_id: str, say: Callable[[str], None] = lambda _: None
) -> Iterator[str | None]:
    """Hold the lock for the block; yields the run_id of a holder that died with it, None after a clean end.

    Re-entrant within the process: the command line takes the lock before Dagster starts, the run's resource
    finds it held. Raises RunActiveError after `wait_seconds`, also where steps of a run that died are still at work.
    """
    path = path.resolve()
    if path in _held:
        yield None
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a+", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        deadline = time.monotonic() + wait_seconds
        _acquire(file, path, deadline, wait_seconds, say)
        before = _holder(path)
        _write(file, {"pid": os.getpid(), "run_id": run_id, "started": datetime.now(UTC).isoformat("T", "seconds")})
        try:
            # After our name stands there: a step that begins later sees that its run is over.
            _wait_for_steps(path, deadline, wait_seconds)
        except BaseException:
            _write(file, before)
            raise
        _held.add(path)
        try:
            yield before.get("run_id")
        finally:
            # A killed process does not come here: what stands in the file while the lock is free names a dead run.
            _write(file, {})
            _held.discard(path)


def tell(path: Path, **more: str) -> None:
    """Adds what the steps in other processes have to know to what stands in the lock, which this process holds."""
    with path.open("r+") as file:
        _write(file, _holder(path) | more)


def holder(path: Path) -> tuple[bool, dict]:
    """Whether a run holds the lock, and what it said of itself; a free lock that names a run outlived it."""
    try:
        with path.open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True, UNKNOWN | _holder(path)
            return False, _holder(path)
    except FileNotFoundError:
        return False, {}


def _acquire(file, path: Path, deadline: float, wait_seconds: float, say: Callable[[str], None]) -> None:
    waiting = False
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            who = "run {run_id} (process {pid}, since {started})".format_map(UNKNOWN | _holder(path))
            if time.monotonic() >= deadline:
                message = f"another run is active: {who}; it did not end within {wait_seconds:g} s"
                raise RunActiveError(message) from None
            if not waiting:
                say(f"waiting up to {wait_seconds:g} s for {who}")
                waiting = True
            time.sleep(min(POLL_SECONDS, max(0.01, deadline - time.monotonic())))


def _wait_for_steps(path: Path, deadline: float, wait_seconds: float) -> None:
    while left := run_steps.at_work(path):
        if time.monotonic() >= deadline:
            message = f"another run is active: {left} of its steps did not end within {wait_seconds:g} s"
            raise RunActiveError(message)
        time.sleep(POLL_SECONDS)


def _holder(path: Path) -> dict:
    try:
        return json.loads(path.read_text() or "{}")
    except (OSError, ValueError):
        return {}


def _write(file, content: dict) -> None:
    file.seek(0)
    file.truncate()
    if content:
        file.write(json.dumps(content))
    file.flush()
