"""Which remote files have been fetched and which still grow, in one SQLite file of the home.

Files are known by keyed hashes of their names: a name may be somebody's address.
"""

from __future__ import annotations

import hmac
import sqlite3
from pathlib import Path

from ingestion.remote.listing import RemoteFile

_SCHEMA = """
create table if not exists fetched (file text primary key, size integer, version text);
create table if not exists waiting (file text primary key, size integer, version text, seen_at real);
"""


class RemoteState:
    """What is known of the files of one URL. Every write is committed when it returns."""

    def __init__(self, path: Path, url: str, key: str) -> None:
        self._place, self._key = url, key.encode()
        self._db = sqlite3.connect(path, isolation_level=None, timeout=60)
        self._db.executescript("pragma journal_mode=wal; pragma synchronous=full;" + _SCHEMA)
        self._fetched = {file: state for file, *state in self._db.execute("select * from fetched")}

    def __enter__(self) -> RemoteState:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def is_fetched(self, file: RemoteFile) -> bool:
        """True where the file was fetched as it is now."""
        return self._fetched.get(self._id(file)) == [*file.state]

    def put_fetched(self, file: RemoteFile) -> None:
        self._db.execute("insert or replace into fetched values (?, ?, ?)", (self._id(file), *file.state))
        self._db.execute("delete from waiting where file = ?", (self._id(file),))
        self._fetched[self._id(file)] = [*file.state]

    def unchanged_since(self, file: RemoteFile, now: float) -> float:
        """When a listing first had the file as it is now (seconds since 1970): `now` if this is the first."""
        known = self._db.execute("select size, version, seen_at from waiting where file = ?", (self._id(file),))
        row = known.fetchone()
        if row and row[:2] == file.state:
            return row[2]
        self._db.execute("insert or replace into waiting values (?, ?, ?, ?)", (self._id(file), *file.state, now))
        return now

    def _id(self, file: RemoteFile) -> str:
        return hmac.digest(self._key, f"remote file:{self._place}\n{file.path}".encode(), "sha256").hex()
