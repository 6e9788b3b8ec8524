"""Reading a stream of a thousand nightly lake files once they are compacted, against the same rows loaded as one file.

Timed is a query over the stream's view that reads every column. The files are landed at once: what makes them one is
then the number of files in a month instead of the month's end.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import duckdb

from ingestion.adapters import STREAMS
from ingestion.catalogue import kpi_catalogue
from ingestion.configuration import load_configuration
from ingestion.manifest import Manifest
from ingestion.run import ingest
from ingestion.settings import load_settings
from ingestion.warehouse import raw_view
from tests.benchmarks.measure import Row, alternating, once_prepared

STREAM = ("generic", "messages")
FILES, ROWS = 1000, 2000
MESSAGE = "{day}-{n},t{n},2026-03-01T08:{minute:02}:{second:02}Z,customer,true,,,\n"
HEADER = "message_id,ticket_id,sent_at,author_type,is_public,author_email,team,resource_used\n"


def rows(folder: Path, scale: float, times: int) -> Iterator[Row]:
    lines = round(ROWS * scale)
    given = once_prepared(folder, f"nightly-files-{scale:g}", lambda draft: _loaded(draft, lines))
    timed = alternating(__name__, ("many", "one"), given, times)
    ratio = timed["many"].seconds / timed["one"].seconds
    what = f"a stream of {FILES:,} nightly files, {FILES * lines:,} rows, read after compaction"
    yield Row(what, f"{timed['many'].seconds:.3f} s", f"as one file {timed['one'].seconds:.3f} s", ratio, "≤ 1.3")


def _loaded(draft: Path, lines: int) -> None:
    days = [
        "".join(MESSAGE.format(day=day, n=n, minute=n // 60 % 60, second=n % 60) for n in range(lines))
        for day in range(FILES)
    ]
    for name, texts in (("many", days), ("one", ["".join(days)])):
        settings = load_settings(home=draft / name, env={})
        folder = settings.landing.joinpath(*STREAM)
        folder.mkdir(parents=True)
        for number, text in enumerate(texts):
            (folder / f"messages_{number:04}.csv").write_text(HEADER + text)
        ingest(settings, load_configuration(settings, kpi_catalogue()), only=[STREAM], run_id="benchmark")


def many(given: Path, work: Path) -> float:
    return _seconds(given / "many")


def one(given: Path, work: Path) -> float:
    return _seconds(given / "one")


def _seconds(home: Path) -> float:
    settings = load_settings(home=home, env={})
    with Manifest(settings.manifest_path) as manifest:
        files = manifest.lake_files(STREAM)
    with duckdb.connect() as con:
        con.execute("CREATE SCHEMA raw")
        con.execute(raw_view(settings, STREAMS[STREAM], files))
        view = "raw." + "__".join(STREAM)
        columns = ", ".join(f'max("{name}")' for name in STREAMS[STREAM].lake_columns)
        began = time.perf_counter()
        con.execute(f"SELECT {columns} FROM {view}").fetchall()
        return time.perf_counter() - began
