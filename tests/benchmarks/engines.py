"""The models and their tests on Spark, against a whole night of DuckDB's, at two sizes, and where the two would meet.

DuckDB's night reads the exports and publishes besides. Seconds are taken to grow in a straight line with the exports.
Needs Java and the environment of `make test-engines`, on whose cores alone Spark works here.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from ingestion.settings import CHECKOUT
from tests.benchmarks import home
from tests.benchmarks.measure import Row, alternating

#: The smaller size is this part of the greater.
PART = 4
SETTINGS = {"spark.driver.memory": "8g", "spark.sql.shuffle.partitions": "8"}


def rows(folder: Path, scale: float, times: int) -> Iterator[Row]:
    timed = {}
    for size in (scale / PART, scale):
        timed[size] = alternating(__name__, ("spark", "duckdb"), home.published(folder, size), times)
        ratio = timed[size]["spark"].seconds / timed[size]["duckdb"].seconds
        yield Row(f"Spark, scale {size:g}", str(timed[size]["spark"]), f"DuckDB {timed[size]['duckdb']}", ratio, "")
    (less, fewer), (more, further) = timed.items()
    slope = {way: (further[way].seconds - fewer[way].seconds) / (more - less) for way in further}
    start = {way: further[way].seconds - slope[way] * more for way in further}
    told = {way: f"{start[way]:.0f} s, then {slope[way]:.0f} s per scale 1" for way in slope}
    gained = slope["duckdb"] - slope["spark"]
    meet = f"at scale {(start['spark'] - start['duckdb']) / gained:.2g}" if gained > 0 else "never on these cores"
    yield Row(f"the two meet {meet}", told["spark"], told["duckdb"], None, "")


def spark(given: Path, work: Path) -> None:
    shutil.rmtree(given / "home" / "spark", ignore_errors=True)
    settings = [part for name, value in SETTINGS.items() for part in ("--conf", f"{name}={value}")]
    command = [sys.executable, "-m", "orchestration.cli", "spark", "--home", str(given / "home"), *settings]
    command += ["--as-of", f"{home.END}T00:00:00Z", "--master", "local[2]"]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr[-2000:])


def duckdb(given: Path, work: Path) -> None:
    home.night(work, home.landing_of(given))
