"""Publication of a built warehouse against copying the bytes it ends in, both onto the disk for good."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from orchestration.defs.publish import write_tables
from orchestration.lib import built, versions
from orchestration.lib.dbt import manifest, published_models
from orchestration.lib.nightly_run import NightlyRun
from tests.benchmarks import home
from tests.benchmarks.measure import Row, alternating


def rows(folder: Path, scale: float, times: int) -> Iterator[Row]:
    given = home.published(folder, scale)
    timed = alternating(__name__, ("ours", "copied_bytes"), given, times)
    ratio = timed["ours"].seconds / timed["copied_bytes"].seconds
    yield Row("publication", str(timed["ours"]), f"copying the bytes {timed['copied_bytes']}", ratio, "≤ 2")


def ours(given: Path, work: Path) -> float:
    """Tables, Parquet files and page into a version, made durable and switched to; the process has started before."""
    night = NightlyRun(home=str(given / "home"))
    parsed = manifest(night.settings)
    with night.warehouse(read_only=True) as connection:
        as_of = built.common_as_of(connection, published_models(parsed))
    began = time.perf_counter()
    versions.publish(work, "benchmark", lambda folder: write_tables(folder, night, parsed, as_of, None))
    return time.perf_counter() - began


def copied_bytes(given: Path, work: Path) -> float:
    version = (given / "home" / "published" / "current").resolve()
    began = time.perf_counter()
    for path in sorted(path for path in version.rglob("*") if path.is_file()):
        target = work / path.relative_to(version)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        with target.open("rb") as written:
            os.fsync(written.fileno())
    return time.perf_counter() - began
