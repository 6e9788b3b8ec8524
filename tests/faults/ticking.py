"""Loading and building of one home in a process whose clock and zone are others:
`python -m tests.faults.ticking HOME MANIFEST WALL_CLOCK`, with TZ in the environment. Prints one JSON object.

The clock of the project's modules starts at WALL_CLOCK and goes on a second at each look, so that midnight falls into
the run. Models are run in their order from dbt's own compiled text, in this process. Not here: what is compared.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime, timedelta
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb

import ingestion.run
import orchestration.lib.nightly_run
from ingestion.catalogue import kpi_catalogue
from ingestion.configuration import load_configuration
from ingestion.settings import load_settings
from ingestion.warehouse import prepare_warehouse
from tests.faults.nights import rows_hash


def main(home: Path, manifest: Path, wall_clock: str) -> dict:
    clock = _clock(datetime.fromisoformat(wall_clock))
    ingestion.run.datetime = orchestration.lib.nightly_run.datetime = clock
    settings = load_settings(home=home)
    configuration = load_configuration(settings, kpi_catalogue())
    settings.prepare_home()
    as_of = orchestration.lib.nightly_run.default_as_of(settings)
    loaded = ingestion.run.ingest(settings, configuration, run_id="ticking")
    with duckdb.connect(str(home / "warehouse.duckdb")) as connection:
        connection.execute("set TimeZone = 'UTC'")
        prepare_warehouse(connection, settings, configuration, as_of, "ticking")
        models = _models(json.loads(manifest.read_bytes()))
        for name, text in models:
            connection.execute(f'create table main."{name}" as {text}')
        tables = [name for name, _ in models if name.startswith(("dim_", "fct_", "mart_"))]
        found = {name: rows_hash(connection, name) for name in tables}
    return {"as_of": as_of.isoformat(), "rows": loaded.rows_loaded, "looks": clock.looks, "tables": found}


def _clock(start: datetime) -> type[datetime]:
    class Clock(datetime):
        looks = 0

        @classmethod
        def now(cls, tz=None):
            cls.looks += 1
            return (start + timedelta(seconds=cls.looks - 1)).astimezone(tz)

    return Clock


def _models(manifest: dict) -> list[tuple[str, str]]:
    nodes = {name: node for name, node in manifest["nodes"].items() if node["resource_type"] == "model"}
    order = TopologicalSorter({n: [p for p in node["depends_on"]["nodes"] if p in nodes] for n, node in nodes.items()})
    return [(nodes[name]["name"], nodes[name]["compiled_code"]) for name in order.static_order()]


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])))
