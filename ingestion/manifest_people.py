"""The manifest's tables about forgetting and the key. Nothing of people is stored: marks and digests only.

`tombstones`: marks that later loads are held against. `forgets`: what each `support-kpis forget` found, and whether
all its steps are done. `facts`: one value by name, so far the id of the key that the lake was made with.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

PEOPLE_SCHEMA = """
create table if not exists facts (name text primary key, value text not null);
create table if not exists tombstones (mark text primary key, kind text not null, forgotten_at text not null);
create table if not exists forgets (
    run_id text primary key, at text not null, kind text not null, counts text not null, needs_rebuild integer not null,
    is_done integer not null);
"""


@dataclass
class Forget:
    """One call of forget. `needs_rebuild`: warehouse and versions may hold the person until they are made anew."""

    run_id: str
    at: str
    kind: str
    counts: dict[str, int] = field(default_factory=dict)
    needs_rebuild: bool = False
    is_done: bool = False


class PeopleTables:
    """Part of `Manifest`; writes belong inside its transaction."""

    _db: sqlite3.Connection

    def key_id(self) -> str | None:
        """The id of the key that everything in the lake was hashed with; None before the first load."""
        rows = self._db.execute("select value from facts where name = 'key_id'").fetchall()
        return rows[0][0] if rows else None

    def put_key_id(self, key_id: str | None) -> None:
        self._db.execute("delete from facts where name = 'key_id'")
        if key_id is not None:
            self._db.execute("insert into facts values ('key_id', ?)", (key_id,))

    def tombstones(self) -> dict[str, str]:
        """Mark -> kind."""
        return dict(self._db.execute("select mark, kind from tombstones").fetchall())

    def put_tombstones(self, marks: Iterable[tuple[str, str]], at: str) -> None:
        """Adds (mark, kind); one that stands there keeps its date."""
        self._db.executemany("insert or ignore into tombstones values (?, ?, ?)", [(*mark, at) for mark in marks])

    def redact_names(self, redacted: Callable[[str], str]) -> int:
        """Gives loaded files other names where `redacted` has one; how many names changed."""
        changed = 0
        for table, column in (("contents", "file_name"), ("paths", "name")):
            names = self._db.execute(f"select distinct {column} from {table}").fetchall()
            pairs = [(new, old) for (old,) in names if (new := redacted(old)) != old]
            # Of two files that are called alike now, one is read again.
            self._db.executemany(f"update or replace {table} set {column} = ? where {column} = ?", pairs)
            changed += len(pairs)
        return changed

    def replace_lake_file(self, path: str, new_path: str) -> None:
        self._db.execute("update lake_files set path = ? where path = ?", (new_path, path))

    def forget_count(self) -> int:
        return self._db.execute("select count(*) from forgets").fetchall()[0][0]

    def put_forget(self, forget: Forget) -> None:
        counts = json.dumps(forget.counts, sort_keys=True)
        row = (forget.run_id, forget.at, forget.kind, counts, forget.needs_rebuild, forget.is_done)
        self._db.execute("insert or replace into forgets values (?, ?, ?, ?, ?, ?)", row)

    def open_forgets(self) -> list[Forget]:
        """Those whose steps are not all done, the oldest first."""
        rows = self._db.execute(
            "select run_id, at, kind, counts, needs_rebuild, is_done from forgets where not is_done order by at, run_id"
        ).fetchall()
        return [Forget(r[0], r[1], r[2], json.loads(r[3]), bool(r[4]), bool(r[5])) for r in rows]
