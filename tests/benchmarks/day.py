"""A night with one day of news over three years, against a full refresh of the same; both less a night with none.

News is what the exports of the last day hold: a day of Zendesk, with updates to older tickets, a week of the others.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from tests.benchmarks import home
from tests.benchmarks.measure import Row, alternating, once_prepared


def rows(folder: Path, scale: float, times: int) -> Iterator[Row]:
    complete = home.published(folder, scale)
    landing = home.landing_of(complete)

    def prepare(draft: Path) -> None:
        _without_last_day(landing, draft / "landing")
        (draft / "complete.txt").write_text(str(complete))
        home.night(draft / "home", draft / "landing", days_on=-1)

    given = once_prepared(folder, f"home-before-{scale:g}", prepare)
    timed = alternating(__name__, ("day", "nothing", "everything"), given, times)
    day, nothing, everything = (timed[way].seconds for way in ("day", "nothing", "everything"))
    told = f"full refresh {everything:.2f} s, nothing new {nothing:.2f} s"
    yield Row("a night with one day of news", f"{day:.2f} s", told, (day - nothing) / (everything - nothing), "≤ 0.15")


def _without_last_day(landing: Path, target: Path) -> None:
    """Hard links: a file keeps its time, by which a night knows it. Lists that are exported once were there before."""
    last = f"{home.END - timedelta(days=1)}"
    for path in sorted(landing.rglob("*")):
        if path.is_file() and (last not in path.name or len(list(path.parent.iterdir())) == 1):
            (link := target / path.relative_to(landing)).parent.mkdir(parents=True, exist_ok=True)
            os.link(path, link)


def day(given: Path, work: Path) -> float:
    return _night(given / "home", given, work)


def nothing(given: Path, work: Path) -> float:
    _night(_complete(given) / "home", given, work)
    return _night(None, given, work)


def everything(given: Path, work: Path) -> float:
    return _night(None, given, work)


def _complete(given: Path) -> Path:
    return Path((given / "complete.txt").read_text())


def _night(known: Path | None, given: Path, work: Path) -> float:
    """Seconds of a night over a copy of a home, or over what `work` has; making the copy is not timed."""
    if known:
        shutil.copytree(known, work / "home", symlinks=True)
    began = time.perf_counter()
    home.night(work / "home", home.landing_of(_complete(given)))
    return time.perf_counter() - began
