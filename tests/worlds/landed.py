"""A world through the real way in: files in a landing area, loaded night by night, prepared, and the compiled SQL."""

from pathlib import Path

import duckdb

from ingestion.configuration import Configuration
from ingestion.configuration.settings_file import DEFAULTS
from ingestion.run import IngestResult, ingest
from ingestion.settings import load_settings
from ingestion.warehouse import prepare_warehouse
from tests.reference.world import World
from tests.worlds.compiled import DATABASE, Compiled
from tests.worlds.engine import built_timeseries
from tests.worlds.exporting import Files

KEY = "a key for tests, of more than 32 characters"


def landed_timeseries(
    compiled: Compiled, world: World, home: Path, nights: list[Files]
) -> tuple[list[dict], list[IngestResult]]:
    """The rows of mart_kpi_timeseries after all `nights`, and what each night loaded."""
    settings = load_settings(home=home, env={"SUPPORT_KPIS_PII_KEY": KEY})
    configuration, results = configuration_of(world), []
    for number, files in enumerate(nights, start=1):
        for name, content in files.items():
            path = settings.landing / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        results.append(ingest(settings, configuration, run_id=f"night-{number}"))
    with duckdb.connect(config={"threads": 2}) as con:
        con.execute("set TimeZone = 'UTC'")
        con.execute(f"attach ':memory:' as {DATABASE}")
        con.execute(f"use {DATABASE}")
        prepare_warehouse(con, settings, configuration, world.as_of, "world")
        return built_timeseries(compiled, con), results


def configuration_of(world: World) -> Configuration:
    tables = {name: rows for name, rows in world.configuration.items() if name != "sectors"}
    sectors = {
        row["sector"]: {"repeat_window_days": row["repeat_window_days"]} for row in world.configuration["sectors"]
    }
    return Configuration({**DEFAULTS, **world.settings, "sectors": sectors}, tables, repr(world.configuration))
