"""Where every pull stands, in one SQLite file of the home. A position is written when its page is on disk."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from ingestion.pulls.api import Position
from ingestion.streams import StreamId

_SCHEMA = """
create table if not exists positions (
    source text, stream text, part text, began text, number integer, position text, moved_at text,
    primary key (source, stream, part))
"""


@dataclass(frozen=True)
class Kept:
    """A pull's state. Pages are named by `began`, the stamp of their run, and by `number`, of the next page; it only
    grows, so that no page takes the name of one that is done, whatever the clock says."""

    began: str
    number: int
    position: Position


class Positions:
    """`part`: '' for the pull of every night, else the days of a back-fill, which has a position of its own."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None, timeout=60)
        self._db.execute("pragma synchronous = full")
        self._db.execute(_SCHEMA)

    def __enter__(self) -> Positions:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._db.close()

    def get(self, id: StreamId, part: str) -> Kept | None:
        found = self._db.execute(
            "select began, number, position from positions where (source, stream, part) = (?, ?, ?)", (*id, part)
        ).fetchone()
        return Kept(found[0], found[1], json.loads(found[2])) if found else None

    def put(self, id: StreamId, part: str, kept: Kept) -> None:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        row = (*id, part, kept.began, kept.number, json.dumps(kept.position), now)
        self._db.execute("insert or replace into positions values (?, ?, ?, ?, ?, ?, ?)", row)

    def all(self) -> list[tuple[StreamId, str, bool, str]]:
        """(stream, part, whether it is over, when it last moved) of every pull, in order."""
        found = self._db.execute("select source, stream, part, position, moved_at from positions order by 1, 2, 3")
        return [((s, n), part, bool(json.loads(p).get("over")), at) for s, n, part, p, at in found.fetchall()]
