"""What lies on the remote side: files by stream, each with what tells one state of it from another.

Names are judged here: what comes out is safe to use below the mirror.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from ingestion.errors import RemoteError
from ingestion.landing import printable
from ingestion.remote.opening import Remote
from ingestion.streams import StreamId

#: Names by prefix, without folders: nothing under a prefix is no error.
FLAT = frozenset({"s3", "s3a", "gs", "gcs", "az", "abfs", "abfss"})
#: What filesystems call the time of the last change, and what changes with the content.
TIMES = (
    "LastModified", "last_modified", "updated", "mtime", "modified", "modify", "last_write_time", "created",
)  # fmt: skip
TAGS = ("ETag", "etag", "generation", "md5Hash", "content_md5", "checksum", "Content-MD5", "Digest", "Last-Modified")
#: Storage classes of S3 that must be asked for hours before they can be read.
COLD = ("GLACIER", "DEEP_ARCHIVE")
LONGEST_PART = 240
TOLD_PER_REASON = 3


@dataclass(frozen=True)
class RemoteFile:
    """`path`: as the filesystem has it; `name`: below the mirror. Null: the filesystem does not say."""

    path: str
    name: str
    size: int | None
    version: str | None
    mtime_ns: int | None

    @property
    def state(self) -> tuple[int | None, str | None]:
        return self.size, self.version


@dataclass
class RemoteListing:
    """Files by (source, stream) in path order; names that were passed over, by reason."""

    files: dict[StreamId, list[RemoteFile]] = field(default_factory=dict)
    skipped: dict[str, list[str]] = field(default_factory=dict)

    def skip(self, name: str, reason: str) -> None:
        self.skipped.setdefault(reason, []).append(name)

    def messages(self) -> list[str]:
        """A line for each name that was passed over; many of one reason are counted."""
        lines = []
        for reason, names in self.skipped.items():
            lines += [f"{printable(name)}: {reason}, passed over" for name in names[:TOLD_PER_REASON]]
            if more := len(names) - TOLD_PER_REASON:
                lines += [f"{more} more files: {reason}, passed over"] * (more > 0)
        return lines


def list_remote(remote: Remote, folds: bool = False) -> RemoteListing:
    """All files at <url>/<source>/<stream>/**. `folds`: the mirror's disk takes A and a for one name.

    Raises RemoteError, also where there is no such folder or bucket.
    """
    listing, taken = RemoteListing(), {}
    below = f"{remote.root}/".lstrip("/")
    for info in _found(remote):
        path = info["name"].lstrip("/")
        # Neither a neighbour whose name begins like ours nor what object stores have in place of folders.
        if not path.startswith(below) or path.endswith("/"):
            continue
        relative = path.removeprefix(below)
        parts = [part for part in relative.split("/") if part]
        reason = _refused(parts, info)
        name = "/".join(parts)
        key = unicodedata.normalize("NFC", name).casefold() if folds else name
        if not reason and (other := _in_the_way(key, taken)):
            reason = f"has the place of {printable(other)} in the mirror"
        if reason:
            listing.skip(relative, reason)
            continue
        taken[key] = relative
        listing.files.setdefault((parts[0], parts[1]), []).append(described(info, name))
    return listing


def described(info: dict[str, Any], name: str) -> RemoteFile:
    """A file from what its filesystem says of it."""
    mtime_ns = next((at for key in TIMES if (at := _instant(info.get(key))) is not None), None)
    tag = next((f"tag {info[key]}" for key in TAGS if isinstance(info.get(key), (str, int)) and info[key]), None)
    return RemoteFile(info["name"], name, info.get("size"), tag or (mtime_ns and f"time {mtime_ns}"), mtime_ns)


def _found(remote: Remote) -> Iterable[dict[str, Any]]:
    def find(filesystem: Any) -> dict[str, dict[str, Any]]:
        # Else folders that cannot be listed, after a broken connection say, would be empty ones.
        options = {} if remote.protocol in FLAT else {"on_error": _raise_unless_gone}
        found = filesystem.find(remote.root, detail=True, **options)
        for path, info in found.items():
            if info.get("size") is None:
                found[path] = {**info, **filesystem.info(path)}
        if not found and not filesystem.exists(remote.root):
            top = remote.root.split("/")[0]
            if remote.protocol not in FLAT or (top != remote.root and not filesystem.exists(top)):
                raise FileNotFoundError(remote.root)
        return found

    try:
        found = remote.tried("cannot be listed", find)
    except FileNotFoundError:
        found = None
    if found is None:
        raise RemoteError(f"{remote.shown} is not there; make it, or mend SUPPORT_KPIS_LANDING_URL")
    return [{**info, "name": path} for path, info in sorted(found.items())]


def _raise_unless_gone(error: Exception) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error


def _refused(parts: list[str], info: dict[str, Any]) -> str | None:
    """Why a file is not mirrored."""
    text = "".join(parts)
    if any(part in (".", "..") for part in parts):
        return "leads out of its folder"
    if any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in text):
        return "has control characters in its name"
    if any(part.startswith(".") for part in parts):
        return "is hidden"
    if any(len(part.encode()) > LONGEST_PART for part in parts):
        return "has too long a name"
    if len(parts) < 3:
        return "not in a <source>/<stream>/ folder"
    if info.get("type", "file") != "file":
        return "no regular file"
    if info.get("StorageClass") in COLD:
        return f"is in cold storage ({info['StorageClass']})"
    return None


def _in_the_way(key: str, taken: dict[str, str]) -> str | None:
    """The name that has this place, or one that would have to be a folder of it. Names come in path order."""
    parts = key.split("/")
    return next((taken[part] for n in range(3, len(parts) + 1) if (part := "/".join(parts[:n])) in taken), None)


def _instant(value: Any) -> int | None:
    """Nanoseconds since 1970 of what filesystems write as a time; None for what is none."""
    try:
        if isinstance(value, str):
            compact = value[:14].isdecimal() and len(value) >= 14
            value = datetime.strptime(value[:14], "%Y%m%d%H%M%S") if compact else datetime.fromisoformat(value)
        if isinstance(value, datetime):
            value = (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()
        nanoseconds = round(value * 10**6) * 1000
        datetime.fromtimestamp(nanoseconds / 1e9, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None
    return nanoseconds if nanoseconds > 0 else None
