"""An empty warehouse and dbt over it, for what is asked of the models alone."""

import json
import os
import subprocess
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from ingestion.catalogue import kpi_catalogue
from ingestion.configuration import load_configuration
from ingestion.settings import Settings, load_settings
from ingestion.warehouse import prepare_warehouse
from orchestration.lib.dbt import COMMAND, PROJECT, as_parsed, write_profile
from orchestration.lib.home import QUIET
from tests.sharing import built_once


@dataclass(frozen=True)
class Dbt:
    settings: Settings

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [*COMMAND, *as_parsed(), *arguments, "--project-dir", str(PROJECT)]
        command += ["--profiles-dir", str(self.settings.dbt_dir), "--target-path", str(self.target)]
        command += ["--log-path", str(self.settings.dbt_dir / "logs")]
        return subprocess.run(command, env={**os.environ, **QUIET}, capture_output=True, text=True, check=False)

    @property
    def target(self) -> Path:
        return self.settings.dbt_dir / "target"


@pytest.fixture(scope="session")
def dbt_on_nothing(tmp_path_factory) -> Dbt:
    """A home into which no export has landed, its warehouse prepared as of 2026-03-02."""
    return _prepared(tmp_path_factory.mktemp("nothing_landed"))


def _prepared(home: Path) -> Dbt:
    settings = replace(load_settings(home=home, env={}), as_of=datetime(2026, 3, 2, tzinfo=UTC))
    settings.prepare_home()
    write_profile(settings)
    configuration = load_configuration(settings, kpi_catalogue())
    with duckdb.connect(str(settings.warehouse)) as con:
        prepare_warehouse(con, settings, configuration, settings.as_of, run_id="test")
    return Dbt(settings)


@pytest.fixture(scope="session")
def built_on_nothing(tmp_path_factory) -> Dbt:
    """Everything dbt has, unit tests included, built once on empty streams. Fails with dbt's own words."""

    def built(home: Path) -> Dbt:
        dbt = _prepared(home)
        done = dbt("build")
        assert done.returncode == 0, done.stdout[-4000:]
        return dbt

    return built_once(tmp_path_factory, "built_on_nothing", built)


@pytest.fixture(scope="session")
def dbt_manifest(built_on_nothing) -> dict:
    return json.loads((built_on_nothing.target / "manifest.json").read_bytes())
