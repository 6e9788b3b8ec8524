"""One file of the remote side, whole in its place in the mirror or not there at all."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from ingestion.lake import sync_folder
from ingestion.remote.listing import RemoteFile, described
from ingestion.remote.opening import Remote

PART = ".part"


def fetch(remote: Remote, file: RemoteFile, mirror: Path, *, look_again: bool) -> str | None:
    """Fetches a file under the remote side's time of its last change. What came of it where that is not the file.

    `look_again`: it may have been written meanwhile. Raises RemoteError, OSError for our own disk.
    """
    target = mirror / file.name
    part = target.with_name(f".{hashlib.sha256(file.name.encode()).hexdigest()[:32]}{PART}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        return "a file of the mirror has the name of its folder; move that file away"
    if target.is_dir():
        return "a folder of the mirror has its name; move that folder away"
    try:
        try:
            remote.tried("cannot be read", lambda filesystem: filesystem.get_file(file.path, str(part)))
            info = remote.tried("cannot be read", lambda filesystem: filesystem.info(file.path)) if look_again else None
        except FileNotFoundError:
            return "gone before it was fetched"
        now = described(info, file.name) if info else file
        if now.size != file.size or now.mtime_ns != file.mtime_ns or file.size not in (None, part.stat().st_size):
            return "changed while it was fetched; left for the next night"
        _put(part, target, file.mtime_ns)
    finally:
        part.unlink(missing_ok=True)
    return None


def remove_parts(mirror: Path) -> None:
    """What a killed run has not fetched whole."""
    for part in mirror.rglob(f".*{PART}"):
        part.unlink()


def _put(part: Path, target: Path, mtime_ns: int | None) -> None:
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    if mtime_ns is not None:
        if target.exists() and (target.stat().st_size, target.stat().st_mtime_ns) == (part.stat().st_size, mtime_ns):
            mtime_ns += 1000  # loading knows a file by size and time, and this one is another
        os.utime(part, ns=(mtime_ns, mtime_ns))
    part.replace(target)
    sync_folder(target.parent)
