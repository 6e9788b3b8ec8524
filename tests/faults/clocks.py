"""The same night under other clocks and zones: at 23:59:59, on both nights of a clock change, on a leap day.

Each world is loaded and built once under UTC with an ordinary clock and then in a process with another TZ whose clock
begins at the critical second. The first two at the full count are whole nights, through Dagster and dbt.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from itertools import product
from pathlib import Path

from ingestion.settings import CHECKOUT
from tests.faults import nights
from tests.faults.tally import Tally

TITLE = "clocks: 23:59:59, both nights of a clock change, leap day, under other TZ"
FULL, SHORT = 38, 2
DAYS, CONTACTS_PER_DAY, SEED = 3, 15, 11

#: as_of -> the wall clock of a run that takes it from there; the reporting zone is Europe/Berlin. The last second of a
#: day in UTC, in Kolkata, in St John's, in Berlin; both changes there and a leap day.
INSTANTS = {
    "last second of Kolkata": "2026-03-02T18:29:59+00:00",
    "clock forward": "2026-03-29T00:59:59+00:00",
    "clock back": "2026-10-25T00:59:59+00:00",
    "leap day": "2028-02-29T22:59:59+00:00",
    "last second of UTC": "2026-12-31T23:59:59+00:00",
    "last second of St John's": "2026-07-01T02:29:59+00:00",
}
ZONES = (
    "Asia/Kolkata", "America/St_Johns", "Europe/Berlin", "Pacific/Kiritimati", "Australia/Lord_Howe", "Africa/Cairo",
)  # fmt: skip
CONFIGURATION = 'time_zone = "Europe/Berlin"\n[sources.asterisk]\ntime_zone = "America/St_Johns"\n'
WHOLE_NIGHTS = ("Asia/Kolkata", "America/St_Johns")


def run(count: int, root: Path) -> Tally:
    tally = Tally()
    manifest = nights.base() / "dbt" / "target" / "manifest.json"
    whole = WHOLE_NIGHTS if count >= FULL else ()
    for zone in whole:
        _whole_night(zone, root, tally)
    expected = {}
    for (name, instant), zone in list(product(INSTANTS.items(), ZONES))[: count - len(whole)]:
        if name not in expected:
            expected[name] = _night(root, manifest, instant, "UTC", f"{instant[:10]}T12:00:00+00:00", instant)
            tally.expect(expected[name]["rows"] > 0, f"{name}: nothing was loaded")
        found = _night(root, manifest, instant, zone, instant, None)
        where = f"{name} under {zone}"
        tally.expect(found["as_of"] == instant, f"{where}: as_of became {found['as_of']}")
        tally.expect(found["rows"] == expected[name]["rows"], f"{where}: {found['rows']} rows loaded")
        tables = expected[name]["tables"]
        differing = [table for table, value in found["tables"].items() if tables.get(table) != value]
        tally.expect(not differing and found["tables"], f"{where}: other rows in {', '.join(differing)}")
        tally.saw(name)
        print(f"{where}: {len(tally.failures)} failures so far", file=sys.stderr, flush=True)
    return tally


def _night(root: Path, manifest: Path, instant: str, zone: str, wall_clock: str, as_of: str | None) -> dict:
    """A fresh home of the world that ends at `instant`; without `as_of` the run takes it from the clock."""
    home, landing = root / "home", root / instant[:13]
    if not landing.exists():
        nights.simulated(landing, DAYS, CONTACTS_PER_DAY, SEED, end=instant[:10])
    (home / "config").mkdir(parents=True)
    (home / "config" / "settings.toml").write_text(CONFIGURATION)
    shutil.copytree(landing, home / "landing")
    (home / "pii.key").write_text("k" * 64)
    environment = {**os.environ, "TZ": zone} | ({"SUPPORT_KPIS_AS_OF": as_of} if as_of else {})
    command = [sys.executable, "-m", "tests.faults.ticking", str(home), str(manifest), wall_clock]
    done = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{zone} {instant}: {done.stderr[-600:]}"
    shutil.rmtree(home)
    return json.loads(done.stdout)


def _whole_night(zone: str, root: Path, tally: Tally) -> None:
    prepared = nights.prepared()
    home = prepared.copy(root / "whole")
    done = nights.night(home, "--full-refresh", env={"TZ": zone})
    tally.expect(done.code == 0, f"a night under {zone}: exit {done.code}: {done.lines[-1:]}")
    differing = [name for name, found in nights.hashes(home).items() if prepared.expected.get(name) != found]
    tally.expect(not differing, f"a night under {zone}: other rows in {', '.join(differing)}")
    tally.saw("whole nights")
    shutil.rmtree(home)
