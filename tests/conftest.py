"""Fixtures for all tests: a clean environment, and one nightly run on small sample exports that many tests look at."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from tests.sharing import built_once
from tests.worlds.compiled import Compiled, compile_project

SAMPLE_DAYS = 35
SAMPLE_END = date(2026, 3, 2)
AS_OF = "2026-03-02T00:00:00+00:00"


#: Files that take minutes, in the order in which they begin: before the others, so that no worker ends alone with one.
LONGEST = (
    "test_histories.py", "test_nightly.py", "test_ui_in_a_browser.py", "test_faults.py", "test_people.py",
    "test_worlds.py", "test_deployment.py",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))


@pytest.fixture(scope="session", autouse=True)
def no_settings_of_this_machine() -> Iterator[None]:
    """Neither variables nor the checkout's default home may reach a test."""
    saved = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith(("SUPPORT_KPIS_", "DAGSTER_"))}
    yield
    os.environ.update(saved)


@dataclass(frozen=True)
class Night:
    """A finished run: its data directory and the object `run --json` prints."""

    home: Path
    result: dict

    @property
    def current(self) -> Path:
        return self.home / "published" / "current"


@pytest.fixture(scope="session")
def first_night(tmp_path_factory) -> Night:
    """The nightly job, run once through Dagster in this process on exports of every adapter. Look, do not change."""

    def night(home: Path) -> Night:
        from ingestion.simulator import simulate
        from orchestration.lib.job import Options, run_nightly

        (home / "landing").mkdir()
        simulate(home / "landing", days=SAMPLE_DAYS, contacts_per_day=40, seed=7, end=SAMPLE_END)
        outcome = run_nightly(Options(home=home, as_of=AS_OF))
        assert outcome.error is None, outcome.error
        return Night(home, outcome.as_json())

    return built_once(tmp_path_factory, "first_night", night)


@pytest.fixture(scope="session")
def compiled(tmp_path_factory) -> Compiled:
    """The SQL of the dbt project."""
    return built_once(tmp_path_factory, "compiled", compile_project)


@pytest.fixture
def home_after_first_night(first_night, tmp_path) -> Path:
    """A copy of that home, to run again in or to break."""
    return Path(shutil.copytree(first_night.home, tmp_path / "home", symlinks=True))
