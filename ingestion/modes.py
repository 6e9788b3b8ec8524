"""Who may read what in a home: its owner all of it, other users the published versions only.

0700/0600  lake, warehouse, state, quarantine, logs, dagster, dbt, tmp, the key, the landing area when we make it
0755/0644  published
0711       the home itself: readers pass through to published and see no names beside it
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

PRIVATE_FOLDER = 0o700
_PUBLIC_FOLDER, _PUBLIC_FILE, _WAY = 0o755, 0o644, 0o711
_OTHERS = 0o077
_SPECIAL = 0o7000


def keep_new_files_private() -> None:
    """From here on this process and its children (DuckDB, SQLite, dbt, Dagster) make files for their owner alone."""
    os.umask(_OTHERS)


def make_private(path: Path) -> None:
    """Takes everything from other users, for a folder with all that is in it; nothing where there is nothing."""
    for entry, info in _tree(path):
        if info.st_mode & _OTHERS:
            _set_mode(entry, stat.S_IMODE(info.st_mode) & ~_OTHERS)


def open_to_readers(folder: Path) -> None:
    """Lets everybody read a folder and all that is in it, and nobody else write."""
    for entry, info in _tree(folder):
        wanted = _PUBLIC_FOLDER if stat.S_ISDIR(info.st_mode) else _PUBLIC_FILE
        if stat.S_IMODE(info.st_mode) & ~_SPECIAL != wanted:
            _set_mode(entry, wanted)


def open_the_way(home: Path) -> None:
    """Lets others pass through the home without a look around; a folder of another owner stays as it is."""
    info = home.stat()
    wanted = info.st_mode & _SPECIAL | _WAY
    if info.st_uid == os.geteuid() and stat.S_IMODE(info.st_mode) != wanted:
        home.chmod(wanted)


def _set_mode(path: Path, mode: int) -> None:
    with suppress(FileNotFoundError):  # another run removed it meanwhile
        path.chmod(mode)


def _tree(path: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """(path, stat) of the path and all below it that is ours; links are neither followed nor changed."""
    try:
        info = path.stat(follow_symlinks=False)
        if stat.S_ISLNK(info.st_mode) or info.st_uid != os.geteuid():
            return
        yield path, info
        if stat.S_ISDIR(info.st_mode):
            with os.scandir(path) as entries:
                below = [Path(entry.path) for entry in entries]
            for entry in below:
                yield from _tree(entry)
    except FileNotFoundError:
        return  # removed meanwhile, by another run or by a server that has SQLite open
