"""Nights with nothing new, all streams configured: the same as_of again, and the next day's."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks import home
from tests.benchmarks.measure import Row, alternating

#: The published home of these is small: what an empty night costs is to depend on nothing else.
SCALE = 0.01


def rows(folder: Path, scale: float, times: int) -> Iterator[Row]:
    given = home.published(folder, min(scale, SCALE))
    timed = alternating(__name__, ("same_as_of", "next_day"), given, times)
    yield Row("a night with nothing new, same as_of", str(timed["same_as_of"]), "", None, "≤ 12 s")
    yield Row("the same, as_of a day on", str(timed["next_day"]), "", None, "≤ 30 s")


def same_as_of(given: Path, work: Path) -> float:
    return _night(given, work, 0)


def next_day(given: Path, work: Path) -> float:
    return _night(given, work, 1)


def _night(given: Path, work: Path, days_on: int) -> float:
    """Seconds of a night over a copy of the home; the copy is not timed. Its first night settles what paths changed."""
    shutil.copytree(given / "home", work / "home", symlinks=True)
    landing = home.landing_of(given)
    home.night(work / "home", landing)
    began = time.perf_counter()
    home.night(work / "home", landing, days_on=days_on)
    return time.perf_counter() - began
