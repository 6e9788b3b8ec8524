"""Loading of Zendesk NDJSON, tickets with their metric sets and events, against DuckDB's bare copy to Parquet.

The exports are the simulator's, the months of NDJSON in one file per stream. Ours: the whole of ingestion, with
hashing of people, checks, quarantine, accounting and the hash of the file. The copy knows the columns beforehand.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import zstandard

from ingestion.catalogue import kpi_catalogue
from ingestion.configuration import load_configuration
from ingestion.run import ingest
from ingestion.settings import load_settings
from ingestion.simulator import simulate
from tests.benchmarks import bare, dlt_load
from tests.benchmarks.measure import Row, alternating, once_prepared

STREAMS = ("tickets", "ticket_events")
TICKETS = 1_000_000
DAYS = 365


def rows(folder: Path, scale: float, times: int) -> Iterator[Row]:
    given = once_prepared(folder, f"zendesk-{scale:g}", lambda draft: exports(draft, round(TICKETS * scale)))
    (given / "reads.json").write_text(json.dumps(bare.told(given / "landing")))
    size = sum(path.stat().st_size for path in given.rglob("*.ndjson")) / 1e9
    timed = alternating(__name__, ("ours", "copy"), given, times)
    ratio = timed["ours"].seconds / timed["copy"].seconds
    what = f"Zendesk NDJSON into the lake, {size:.2f} GB"
    yield Row(what, f"{timed['ours']}, {timed['ours'].mib:,} MiB", f"copy {timed['copy']}", ratio, "≤ 1.5")
    yield _against_dlt(given, timed["ours"].seconds)


def _against_dlt(given: Path, seconds: float) -> Row:
    """Rows a second, tickets and events of ours against tickets of dlt, which takes them apart into several tables."""
    lines = 0
    for path in given.rglob("*.ndjson"):
        with path.open("rb") as stream:
            lines += sum(1 for _ in stream)
    with tempfile.TemporaryDirectory(dir=given.parent) as work:
        dlt = dlt_load.rows_per_second(given / "landing" / "zendesk" / "tickets" / "tickets.ndjson", Path(work))
    told = "no .venv-dlt: run make benchmark" if dlt is None else f"dlt {dlt:,.0f} rows a second, merge"
    ratio = None if dlt is None else lines / seconds / dlt
    return Row("the same, rows a second", f"{lines / seconds:,.0f} rows a second", told, ratio, "≥ 50")


def exports(draft: Path, tickets: int) -> None:
    """One NDJSON file for each of the two streams."""
    simulated = draft / "simulated"
    simulated.mkdir()
    contacts = round(tickets / DAYS)
    simulate(simulated, days=DAYS, contacts_per_day=contacts, seed=1, end=date(2026, 3, 2))
    for stream in STREAMS:
        target = draft / "landing" / "zendesk" / stream / f"{stream}.ndjson"
        target.parent.mkdir(parents=True)
        with target.open("wb") as out:
            for path in sorted((simulated / "zendesk" / stream).glob("*.ndjson.zst")):
                with path.open("rb") as packed:
                    zstandard.ZstdDecompressor().copy_stream(packed, out)
    shutil.rmtree(simulated)


def ours(given: Path, work: Path) -> None:
    settings = load_settings(home=work, env={"SUPPORT_KPIS_LANDING_URL": str(given / "landing")})
    streams = [("zendesk", stream) for stream in STREAMS]
    ingest(settings, load_configuration(settings, kpi_catalogue()), only=streams, run_id="benchmark")


def copy(given: Path, work: Path) -> None:
    bare.copy(json.loads((given / "reads.json").read_text()), work)
