"""The quarantine: rejected rows and unreadable files, kept raw for their owner alone (0700/0600), to be tried again.

quarantine/<source>/<stream>/<hash>.rows.jsonl   one object per rejected row: file, position, reason, raw, retry
quarantine/<source>/<stream>/<hash>.file<.gz>    a file that could not be read at all, as it was landed
quarantine/<source>/<stream>/<hash>.reason.json  its name in the landing area and why
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from ingestion.lake import sync_folder
from ingestion.streams import StreamId


@dataclass(frozen=True)
class RejectedRow:
    """One rejected row. `raw` is its text as the export had it; `header` the csv header it stood under; `retry` is
    false where the text is no record at all, which no adapter mends."""

    file: str
    position: int
    reason: str
    raw: str
    header: tuple[str, ...] | None = None
    log_id: str | None = None
    retry: bool = True


class Quarantine:
    """`holds`: says of a row or a landed file of a stream that it names a forgotten customer; such are not kept."""

    def __init__(self, root: Path, holds: Callable[[StreamId, RejectedRow | Path], bool] = lambda *_: False) -> None:
        self._root = root
        self._holds = holds

    def put_rows(self, stream: StreamId, content_hash: str, rows: Iterable[RejectedRow]) -> None:
        """Replaces the rejected rows of a content; none removes the file."""
        rows = [row for row in rows if not self._holds(stream, row)]
        path = self._place(stream, content_hash, ".rows.jsonl")
        if not rows:
            path.unlink(missing_ok=True)
            return
        draft = path.with_name(f".{path.name}.part")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
            for row in rows:
                out.write(json.dumps(asdict(row), ensure_ascii=True) + "\n")
            out.flush()
            os.fsync(out.fileno())
        draft.replace(path)
        sync_folder(path.parent)

    def rows(self, stream: StreamId, content_hash: str) -> list[RejectedRow]:
        path = self._place(stream, content_hash, ".rows.jsonl")
        if not path.exists():
            return []
        with path.open(encoding="utf-8") as lines:
            found = [json.loads(line) for line in lines]
        return [RejectedRow(**row | {"header": tuple(row["header"]) if row["header"] else None}) for row in found]

    def put_file(self, stream: StreamId, content_hash: str, landed: Path, file_name: str, reason: str) -> None:
        """Keeps a copy of a landed file under its content's hash, and beside it what it was and why."""
        told = self._place(stream, content_hash, ".reason.json")
        told.touch(mode=0o600)
        told.write_text(json.dumps({"file": file_name, "reason": reason}) + "\n", encoding="utf-8")
        if self._holds(stream, landed):
            return
        target = self._place(stream, content_hash, f".file{_archive_suffix(landed)}")
        draft = target.with_name(f".{target.name}.part")
        with (
            os.fdopen(os.open(landed, os.O_RDONLY | os.O_NOFOLLOW), "rb") as source,
            os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out,
        ):
            shutil.copyfileobj(source, out, 1 << 20)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(target)
        sync_folder(target.parent)

    def file(self, stream: StreamId, content_hash: str) -> Path | None:
        """The kept copy, if there is one."""
        for suffix in ("", ".gz", ".zst"):
            path = self._place(stream, content_hash, f".file{suffix}")
            if path.exists():
                return path
        return None

    def contents(self) -> list[tuple[StreamId, str]]:
        """Stream and (the first part of) the content hash of all that is kept, in a fixed order."""
        found = (path for path in self._root.glob("*/*/*") if not path.name.startswith("."))
        return sorted({((path.parts[-3], path.parts[-2]), path.name.split(".")[0]) for path in found})

    def drop_copy(self, stream: StreamId, content_hash: str) -> None:
        """Removes the kept copy; its name and why it was refused stay."""
        if path := self.file(stream, content_hash):
            path.unlink()
            sync_folder(path.parent)

    def drop_file(self, stream: StreamId, content_hash: str) -> None:
        self.drop_copy(stream, content_hash)
        self._place(stream, content_hash, ".reason.json").unlink(missing_ok=True)

    def forget_stream(self, stream: StreamId) -> None:
        shutil.rmtree(self._root / stream[0] / stream[1], ignore_errors=True)

    def _place(self, stream: StreamId, content_hash: str, suffix: str) -> Path:
        folder = self._root
        for part in ("", *stream):
            folder = folder / part
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder / f"{content_hash[:32]}{suffix}"


def _archive_suffix(path: Path) -> str:
    return path.suffix.lower() if path.suffix.lower() in (".gz", ".zst") else ""
