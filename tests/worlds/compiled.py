"""The dbt project compiled once: the SQL of the marts under test and of all their ancestors, in an order that works.

dbt runs in a process of its own, against an empty warehouse; no world is known here.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb

from ingestion.catalogue import kpi_catalogue
from ingestion.configuration import load_configuration
from ingestion.settings import load_settings
from ingestion.warehouse import prepare_warehouse

PROJECT = Path(__file__).parents[2] / "dbt_project"
#: dbt writes the file's stem into the SQL as the name of the database.
DATABASE = "warehouse"
TIMESERIES = "mart_kpi_timeseries"
RESULTS = (
    TIMESERIES, "mart_kpi_scorecard", "mart_intervention_impact", "mart_agent_coaching", "mart_issue_evidence",
    "mart_staffing_gap",
)  # fmt: skip


@dataclass(frozen=True)
class Compiled:
    """`models`: (name, SQL) in order of dependency. `tables`: schema.table -> column -> type of all they can read."""

    models: list[tuple[str, str]]
    tables: dict[str, dict[str, str]]

    def _repr_pretty_(self, printer, cycle) -> None:
        """Hypothesis would print all SQL beside every failure."""
        printer.text("compiled")

    @cached_property
    def statements(self) -> list[str]:
        return [f'create table "{DATABASE}"."main"."{name}" as {sql}' for name, sql in self.models]


def compile_project(root: Path) -> Compiled:
    """Compiles into `root`, an empty folder. Raises AssertionError with dbt's own words."""
    warehouse = root / f"{DATABASE}.duckdb"
    tables = _empty_warehouse(root, warehouse)
    output = {"type": "duckdb", "path": str(warehouse), "schema": "main", "threads": 2, "settings": {"TimeZone": "UTC"}}
    profile = {"support_kpis": {"target": "duckdb", "outputs": {"duckdb": output}}}
    (root / "profiles.yml").write_text(json.dumps(profile))
    options = {"--project-dir": PROJECT, "--profiles-dir": root, "--target-path": root / "target", "--log-path": root}
    command = [sys.executable, "-m", "dbt.cli.main", "--quiet", "--no-version-check", "compile"]
    command += [
        "--select",
        *(f"+{name}" for name in RESULTS),
        *(str(part) for option in options.items() for part in option),
    ]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    manifest = json.loads((root / "target" / "manifest.json").read_bytes())
    return Compiled(list(_in_order(manifest)), tables)


def _empty_warehouse(root: Path, warehouse: Path) -> dict[str, dict[str, str]]:
    """What the models read of a home with nothing in it, and the columns it has."""
    settings = load_settings(home=root / "home", env={})
    configuration = load_configuration(settings, kpi_catalogue())
    with duckdb.connect(str(warehouse)) as con:
        con.execute("set TimeZone = 'UTC'")
        prepare_warehouse(con, settings, configuration, datetime(2024, 1, 1, tzinfo=UTC), "empty")
        columns = con.execute(
            "select table_schema || '.' || table_name, column_name, data_type from information_schema.columns"
            " where table_schema in ('raw', 'control') order by all"
        ).fetchall()
    tables: dict[str, dict[str, str]] = {}
    for table, column, kind in columns:
        tables.setdefault(table, {})[column] = kind
    return tables


def _in_order(manifest: dict) -> Iterator[tuple[str, str]]:
    nodes = {name: node for name, node in manifest["nodes"].items() if node["resource_type"] == "model"}
    wanted: dict[str, list[str]] = {}
    waiting = [name for name, node in nodes.items() if node["name"] in RESULTS]
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            wanted[name] = [parent for parent in nodes[name]["depends_on"]["nodes"] if parent in nodes]
            waiting += wanted[name]
    for name in TopologicalSorter(wanted).static_order():
        yield nodes[name]["name"], nodes[name]["compiled_code"]
