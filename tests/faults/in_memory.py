"""A night in seconds: the real ingestion, the compiled SQL of every model in memory, every data test, every check.

What the job `nightly` decides is decided here by the same code, without Dagster's and dbt's processes. No fault is
known here, and targets, whose misses are results, are not looked at.
"""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import dagster as dg
import duckdb

from ingestion.catalogue import kpi_catalogue
from ingestion.configuration import load_configuration
from ingestion.run import IngestResult, ingest
from ingestion.settings import load_settings
from ingestion.warehouse import prepare_warehouse
from orchestration.defs.checks import QUALITY_CHECKS, quality_result
from orchestration.defs.raw import stream_checks
from orchestration.lib.dbt import COMMAND, PROJECT, as_parsed, published_models, write_profile
from orchestration.lib.home import QUIET
from orchestration.lib.tables import TableFacts, table_facts

#: What the settings of a test's home see of the environment.
ENVIRONMENT = {"SUPPORT_KPIS_PII_KEY": "a key for tests, of more than 32 characters"}
#: dbt writes the file's stem into the SQL as the name of the database.
DATABASE = "warehouse"


@dataclass(frozen=True)
class Project:
    """`statements`: (model, SQL that makes it) in order of dependency; `tests`: (name, blocks, SQL of bad rows)."""

    statements: list[tuple[str, str]]
    tests: list[tuple[str, bool, str]]
    published: list[str]


@dataclass(frozen=True)
class Night:
    """`warned` and `blocked`: checks that fired and what they said; `tables`: published table -> rows and hash."""

    ingested: IngestResult
    warned: dict[str, str]
    blocked: dict[str, str]
    tables: dict[str, TableFacts]

    @property
    def hashes(self) -> dict[str, str]:
        """Of all that a redelivery must not change."""
        return {name: facts.hash for name, facts in self.tables.items() if name != "mart_row_accounting"}


@cache
def project() -> Project:
    """The dbt project compiled against an empty home, once per process. Raises AssertionError with dbt's own words."""
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(home=Path(folder) / "home", env=ENVIRONMENT)
        settings.prepare_home()
        write_profile(settings)
        with duckdb.connect(str(settings.warehouse)) as con:
            con.execute("set TimeZone = 'UTC'")
            configuration = load_configuration(settings, kpi_catalogue())
            prepare_warehouse(con, settings, configuration, datetime.fromisoformat("2026-01-01T00:00Z"), "empty")
        target = settings.dbt_dir / "target"
        command = [*COMMAND, "--quiet", *as_parsed(), "compile", "--project-dir", PROJECT]
        command += ["--profiles-dir", settings.dbt_dir, "--target-path", target, "--log-path", settings.logs]
        environment = {**os.environ, **QUIET}
        done = subprocess.run([*map(str, command)], capture_output=True, text=True, env=environment, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        manifest = json.loads((target / "manifest.json").read_bytes())
    tests = [node for node in manifest["nodes"].values() if node["resource_type"] == "test"]
    listed = [(node["name"], node["config"]["severity"].lower() == "error", node["compiled_code"]) for node in tests]
    return Project(list(_statements(manifest)), listed, published_models(manifest))


def _statements(manifest: dict) -> Iterator[tuple[str, str]]:
    nodes = {name: node for name, node in manifest["nodes"].items() if node["resource_type"] == "model"}
    reads = {name: [one for one in node["depends_on"]["nodes"] if one in nodes] for name, node in nodes.items()}
    for name in TopologicalSorter(reads).static_order():
        table = nodes[name]["name"]
        yield table, f'create table "{DATABASE}"."main"."{table}" as {nodes[name]["compiled_code"]}'


def run_night(home: Path, as_of: str) -> Night:
    """Loads what is new in `home`'s landing area, builds every table in memory and looks at every check."""
    with built(home, as_of) as (con, ingested):
        return judged(con, ingested)


def load(home: Path, as_of: str) -> IngestResult:
    """The ingestion of a night and nothing else."""
    settings = load_settings(home=home, as_of=as_of, env=ENVIRONMENT)
    return ingest(settings, load_configuration(settings, kpi_catalogue()), run_id="night")


@contextmanager
def built(home: Path, as_of: str) -> Iterator[tuple[duckdb.DuckDBPyConnection, IngestResult]]:
    """The warehouse of a night in memory, before it is judged."""
    settings = load_settings(home=home, as_of=as_of, env=ENVIRONMENT)
    ingested = load(home, as_of)
    with duckdb.connect(config={"threads": 2}) as con:
        con.execute("set TimeZone = 'UTC'")
        con.execute(f"attach ':memory:' as {DATABASE}")
        con.execute(f"use {DATABASE}")
        configuration = load_configuration(settings, kpi_catalogue())
        prepare_warehouse(con, settings, configuration, settings.as_of, "night")
        for name, statement in project().statements:
            try:
                con.execute(statement)
            except duckdb.Error as error:
                raise AssertionError(f"{name}: {error}") from error
        yield con, ingested


def judged(con: duckdb.DuckDBPyConnection, ingested: IngestResult) -> Night:
    """Every check on a built warehouse, and the facts of its published tables."""
    warned: dict[str, str] = {}
    blocked: dict[str, str] = {}
    for stream in ingested.streams:
        for check in stream_checks(stream, ingested):
            if not check.passed:
                found = warned if check.severity == dg.AssetCheckSeverity.WARN else blocked
                found[f"{'/'.join(stream)} {check.check_name}"] = check.description or ""
    for name in QUALITY_CHECKS:
        check = quality_result(con, name)
        if not check.passed:
            warned[name] = check.description or ""
    for name, blocks, sql in project().tests:
        if bad := con.execute(f"select count(*) from ({sql})").fetchall()[0][0]:
            (blocked if blocks else warned)[name] = f"{bad} rows"
    return Night(ingested, warned, blocked, {name: table_facts(con, DATABASE, name) for name in project().published})
