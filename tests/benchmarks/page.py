"""The scorecard page in Chromium: from opening the file to its load event, as the browser itself measures it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks import home
from tests.benchmarks.measure import Row, alternating
from tests.helpers import CHROMIUM, chromium


def rows(folder: Path, scale: float, times: int) -> Iterator[Row]:
    if not CHROMIUM:
        yield Row("the scorecard page opens", "no Chromium here", "", None, "< 1 s")
        return
    given = home.published(folder, scale)
    page = given / "home" / "published" / "current" / "scorecard.html"
    timed = alternating(__name__, ("opened",), given, times)["opened"]
    size = page.stat().st_size / 1e6
    yield Row("the scorecard page opens", f"{timed.seconds:.2f} s, {size:.2f} MB", "", None, "< 1 s, < 2 MB")


def opened(given: Path, work: Path) -> float:
    """Seconds until everything is there and painted, by a browser that has never seen the page."""
    page = (given / "home" / "published" / "current" / "scorecard.html").resolve()
    with chromium() as browser:
        tab = browser.new_page()
        tab.goto("about:blank")
        tab.goto(page.as_uri(), wait_until="load")
        painted = """() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(
            () => done(performance.now()))))"""
        seconds = tab.evaluate(painted) / 1000
        browser.close()
    return seconds
