"""The simulated month that the vendors' accounts hold, once per session."""

import os
from datetime import date
from pathlib import Path

import pytest

from ingestion.pulls.positions import Positions
from ingestion.simulator import simulate
from tests.pulls.accounts import Account, all_accounts, loaded_from_files

END = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def no_wait_for_the_disk(monkeypatch):
    """What is killed here is a process, not the machine: what it wrote stays written."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)
    original = Positions.__init__

    def opened(self: Positions, path: Path) -> None:
        original(self, path)
        self._db.execute("pragma synchronous = off")

    monkeypatch.setattr(Positions, "__init__", opened)


@pytest.fixture(scope="session")
def accounts(tmp_path_factory) -> dict[str, Account]:
    landing = tmp_path_factory.mktemp("account")
    simulate(landing, days=28, contacts_per_day=10, seed=11, end=END)
    return all_accounts(landing)


@pytest.fixture(scope="session")
def exported(tmp_path_factory, accounts):
    """Source -> the typed rows of its file exports, loaded once."""
    found: dict[str, dict[str, list[tuple]]] = {}

    def rows(source: str) -> dict[str, list[tuple]]:
        if source not in found:
            home: Path = tmp_path_factory.mktemp(f"exported-{source}")
            found[source] = loaded_from_files(home, source, accounts[source])
        return found[source]

    return rows
