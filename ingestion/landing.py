"""What lies in the landing area, and the bytes of one file: listed, decompressed under caps, hashed.

Nothing here knows what a file means. Links, FIFOs and devices are never opened. Unpacking: archives.py.
"""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from ingestion.archives import is_packed, unpacked

CHUNK = 1 << 20


@dataclass(frozen=True)
class LandedFile:
    """A regular file of the landing area. `name`: relative to it, '/' between parts, safe to print and store."""

    path: Path
    name: str
    size: int
    mtime_ns: int


@dataclass
class Listing:
    """Files by (source, stream) in path order, and what was passed over."""

    files: dict[tuple[str, str], list[LandedFile]] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)

    def changed_within(self, begin: datetime | None, end: datetime | None) -> Listing:
        """Only the files that were last changed at `begin` or later and before `end`; None is no bound."""
        low, high = (None if one is None else round(one.timestamp()) * 10**9 for one in (begin, end))

        def holds(file: LandedFile) -> bool:
            return (low is None or file.mtime_ns >= low) and (high is None or file.mtime_ns < high)

        files = {id: [file for file in found if holds(file)] for id, found in self.files.items()}
        return Listing(files, self.skipped)


@dataclass
class Content:
    """The decompressed bytes of a landed file. `prefixes`: sha256 of the first n bytes for each n asked for."""

    file: LandedFile
    path: Path
    content_hash: str
    size: int
    prefixes: dict[int, str]

    @property
    def is_temporary(self) -> bool:
        return self.path != self.file.path

    def has_changed(self) -> bool:
        """True where the landed file is no longer the one that was hashed."""
        try:
            now = self.file.path.stat(follow_symlinks=False)
        except FileNotFoundError:
            return not self.is_temporary
        return (now.st_size, now.st_mtime_ns) != (self.file.size, self.file.mtime_ns)

    def is_other_than_hashed(self, *, may_grow: bool) -> bool:
        """True where what was read may not be what was hashed. A log may have grown behind it, if nothing else."""
        if not may_grow:
            return self.has_changed()
        if self.is_temporary or not self.has_changed():
            return False
        try:
            with self.path.open("rb") as stream:
                head = hashlib.sha256()
                left = self.size
                while left and (block := stream.read(min(CHUNK, left))):
                    head.update(block)
                    left -= len(block)
        except OSError:
            return True
        return head.hexdigest() != self.content_hash

    def discard(self) -> None:
        if self.is_temporary:
            self.path.unlink(missing_ok=True)


def list_landing(landing: Path) -> Listing:
    """All regular files at landing/<source>/<stream>/**, hidden ones left out."""
    listing = Listing()
    for path, name, kind in _walk(landing, ""):
        parts = name.split("/")
        if isinstance(kind, str) or len(parts) < 3:
            reason = kind if isinstance(kind, str) else "not in a <source>/<stream>/ folder"
            listing.skipped.append(f"{name}: {reason}, passed over")
            continue
        listed = LandedFile(path, name, kind.st_size, kind.st_mtime_ns)
        listing.files.setdefault((parts[0], parts[1]), []).append(listed)
    return listing


def _walk(folder: Path, prefix: str) -> Iterator[tuple[Path, str, os.stat_result | str]]:
    """Every entry below a folder in path order; the third part says why something is no file to read.

    Who delivers may take away or replace anything meanwhile: what is gone is not there.
    """
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda e: e.name)
    except (FileNotFoundError, NotADirectoryError):
        return
    except PermissionError:
        yield folder, prefix.rstrip("/") or ".", "a folder that this user may not read"
        return
    for entry in found:
        if entry.name.startswith("."):
            continue
        name = prefix + printable(entry.name)
        try:
            info = entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            continue
        except PermissionError:
            yield Path(entry.path), name, "in a folder that this user may not enter"
            continue
        if stat.S_ISDIR(info.st_mode):
            yield from _walk(Path(entry.path), f"{name}/")
        else:
            yield Path(entry.path), name, info if stat.S_ISREG(info.st_mode) else "no regular file"


def printable(name: str) -> str:
    """A file name without control characters and undecodable bytes, one-to-one."""
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def open_content(file: LandedFile, tmp: Path, lengths: tuple[int, ...] = ()) -> Content:
    """Hashes a file and, if it is compressed, unpacks it into `tmp`. Raises LandingError for a broken archive."""
    suffix, hashed = file.path.suffix, _Hash(lengths)
    if not is_packed(suffix) and _has_plain_name(file.path):
        for block in _blocks(file):
            hashed.update(block)
        return Content(file, file.path, hashed.hexdigest(), hashed.size, hashed.prefixes)
    handle, target = tempfile.mkstemp(prefix="unpacked-", dir=tmp)
    try:
        with os.fdopen(handle, "wb") as out:
            for block in unpacked(_blocks(file), suffix, file.size) if is_packed(suffix) else _blocks(file):
                hashed.update(block)
                out.write(block)
    except BaseException:
        Path(target).unlink(missing_ok=True)
        raise
    return Content(file, Path(target), hashed.hexdigest(), hashed.size, hashed.prefixes)


def raw_hash(file: LandedFile) -> str:
    """sha256 of the file as it lies there; stands for the content hash of what cannot be unpacked."""
    digest = hashlib.sha256()
    for block in _blocks(file):
        digest.update(block)
    return digest.hexdigest()


def _blocks(file: LandedFile) -> Iterator[bytes]:
    """The bytes there were when the file was listed: a log may grow while it is read."""
    left = file.size
    with os.fdopen(os.open(file.path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as stream:
        while left and (block := stream.read(min(CHUNK, left))):
            left -= len(block)
            yield block


def _has_plain_name(path: Path) -> bool:
    """False for undecodable bytes and backslashes, by which DuckDB finds no file: it is read from a copy."""
    try:
        return b"\\" not in str(path).encode()
    except UnicodeEncodeError:
        return False


class _Hash:
    """sha256 that also tells the hash of chosen first lengths on its way."""

    def __init__(self, lengths: tuple[int, ...]) -> None:
        self._digest = hashlib.sha256()
        self._lengths = sorted(set(lengths), reverse=True)
        self.size = 0
        self.prefixes: dict[int, str] = {}

    def update(self, block: bytes) -> None:
        view = memoryview(block)
        while self._lengths and self._lengths[-1] <= self.size + len(view):
            length = self._lengths.pop()
            self._digest.update(view[: length - self.size])
            view = view[length - self.size :]
            self.size = length
            self.prefixes[length] = self._digest.hexdigest()
        self._digest.update(view)
        self.size += len(view)

    def hexdigest(self) -> str:
        return self._digest.hexdigest()
