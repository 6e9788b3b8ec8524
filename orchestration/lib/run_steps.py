"""Steps that work in processes of their own, beside the one that holds the run lock: each has a file that is locked
while it works. So a run learns that the process of a step was killed, and the next run waits for what a dead one left.

Not here: the lock of the run (lib.run_lock) and who starts such steps (orchestration/deploy).
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# The step that this process works on, "" where the run is in one process.
_current = ""


@contextmanager
def working(lock: Path, step: str) -> Iterator[None]:
    """Around all that this process does for `step`, a name without blanks or slashes, of the run that holds `lock`."""
    global _current
    folder = _folder(lock)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft, path = folder / f".{step}", folder / step
    with open(draft, "w", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        # Locked before it can be seen.
        draft.replace(path)
        _current = step
        try:
            yield
        finally:
            _current = ""
            path.unlink(missing_ok=True)


def current() -> str:
    """The step that this process works on, "" where it works on a whole run or none."""
    return _current


def was_killed(lock: Path, step: str) -> bool:
    """True where a step has begun and its process is gone. False before it begins and after its end."""
    try:
        path = _folder(lock) / step
        with path.open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            # One that ended takes its file away before it lets go of it.
            return path.exists()
    except (FileNotFoundError, BlockingIOError):
        return False


def at_work(lock: Path) -> int:
    """How many steps are at work, of whatever run."""
    steps = [path for path in _folder(lock).glob("*") if not path.name.startswith(".")]
    return sum(path.exists() and not was_killed(lock, path.name) for path in steps)


def _folder(lock: Path) -> Path:
    return lock.parent / "tmp" / "steps"
