"""A home whose landing area is a URL in this process's memory, with a clock and faults of the tests' own."""

from __future__ import annotations

import errno
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from fsspec.implementations.memory import MemoryFile, MemoryFileSystem

from ingestion.remote import mirror, opening
from ingestion.settings import load_settings
from tests.ingestion.conftest import KEY, Lab

ROOT = "memory://kpis"
HEADER = "call_id,arrived_at,direction,outcome,stage_reached,queue,queued_at,answered_at,ended_at,talk_seconds\n"
OLD = datetime(2026, 3, 2, 10, tzinfo=UTC)
NOW = datetime(2026, 3, 3, 2, tzinfo=UTC)


def calls(*ids: str) -> str:
    """An export of generic/calls."""
    at = ["2026-03-02T09:00:00+01:00"] * 3
    return HEADER + "".join(f"{one},{at[0]},inbound,answered,agent,Sales,{','.join(at)},30\n" for one in ids)


class RemoteLab(Lab):
    """`put` writes on the remote side; `fetches` counts what was asked for; `before_fetch` may interfere."""

    def __init__(self, home, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__(home)
        env = {"SUPPORT_KPIS_PII_KEY": KEY, "SUPPORT_KPIS_LANDING_URL": ROOT}
        self.settings = load_settings(home=home, env=env)
        self.now = NOW.timestamp()
        self.fetches: Counter[str] = Counter()
        self.sleeps: list[float] = []
        self.said: list[str] = []
        self.before_fetch: Callable[[str], None] = lambda path: None
        monkeypatch.setattr(MemoryFileSystem, "store", {})
        monkeypatch.setattr(mirror, "time", SimpleNamespace(time=lambda: self.now, monotonic=lambda: 0.0))
        monkeypatch.setattr(opening, "time", SimpleNamespace(sleep=self.sleeps.append))
        get_file = MemoryFileSystem.get_file

        def counted(filesystem, path, *arguments, **options):
            self.fetches[path.removeprefix("/kpis/")] += 1
            self.before_fetch(path)
            return get_file(filesystem, path, *arguments, **options)

        monkeypatch.setattr(MemoryFileSystem, "get_file", counted)

    def put(self, name: str, content: str, at: datetime = OLD) -> None:
        """A file whose last change was `at`."""
        path = f"/kpis/{name}"
        file = MemoryFile(None, path, content.encode())
        file.created = file.modified = at
        MemoryFileSystem.store[path] = file

    def night(self, **options) -> list[str]:
        """Runs; what was passed over or waits."""
        return self.run(progress=self.said.append, **options).messages

    def mirrored(self) -> dict[str, str]:
        root = self.settings.landing
        return {str(path.relative_to(root)): path.read_text() for path in root.rglob("*") if path.is_file()}

    def call_ids(self) -> list[str]:
        return [row[0] for row in self.rows("generic/calls", "call_id", "call_id")]


@pytest.fixture
def lab(tmp_path, monkeypatch) -> RemoteLab:
    return RemoteLab(tmp_path / "home", monkeypatch)


def full_disk(path: str) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")
