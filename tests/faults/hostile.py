"""Hostile files in the landing area: refused under a cap in seconds and within memory, nothing run, nothing written
outside the home, and the good files of that night loaded.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from tests.faults.exports import CALLS, ZENDESK_TICKETS, good_text
from tests.faults.hostile_files import FIRST, HOSTILES, Hostile
from tests.faults.ingesting import Home, add_up
from tests.faults.tally import Tally

TITLE = "Bombs, long lines, deep nesting, wide records, links, FIFOs, odd file names"
FULL = len(HOSTILES)
SHORT = 4
#: What `make test` tries, being quick; all of them are tried by `make faults`.
QUICK = ("links", "FIFOs and a socket", "odd file names", "cells of SQL, shell and formulas")
SECONDS, MEGABYTES = 60, 500
GOOD = 3


def run(count: int, root: Path) -> Tally:
    tally = Tally()
    chosen = HOSTILES if count >= FULL else [each for each in HOSTILES if each.title in QUICK][:count]
    worst = 0.0
    for number, hostile in enumerate(chosen):
        place = root / f"{number}"
        worst = max(worst, _try(hostile, place, tally))
        shutil.rmtree(place)
    tally.saw("MB of memory at most", round(worst))
    return tally


def _try(hostile: Hostile, place: Path, tally: Tally) -> float:
    """Gives the most memory that the night had, in MB."""
    home = Home(place / "a" / "b" / "home")
    hostile.land(home)
    for export in (CALLS, ZENDESK_TICKETS):
        rows = [export.row(n) for n in range(GOOD)]
        home.land(f"{export.folder}/zz_good{export.suffix}", good_text(export, rows, "lines"))
    before = _outside(place, home)
    code, said = home.ingest_apart()
    tally.saw("nights")
    tally.expect(code == 0, f"{hostile.title}: exit {code}, {said.get('error')}")
    if code:
        return 0.0
    tally.expect(said["seconds"] < SECONDS, f"{hostile.title}: {said['seconds']:.0f} s")
    tally.expect(said["megabytes"] < MEGABYTES, f"{hostile.title}: {said['megabytes']:.0f} MB")
    tally.expect(_outside(place, home) == before, f"{hostile.title}: written outside the home")
    tally.expect(not list(home.settings.tmp.glob("unpacked-*")), f"{hostile.title}: an unpacked copy is left")
    _judge(hostile, home, said["told"], tally)
    return said["megabytes"]


def _judge(hostile: Hostile, home: Home, told: list[str], tally: Tally) -> None:
    rows = list(home.contents().values())
    good = [row for row in rows if "zz_good" in row.file_name]
    tally.expect([row.rows_loaded for row in good] == [GOOD, GOOD], f"{hostile.title}: good files are {good}")
    others = [row for row in rows if row not in good]
    found = (
        sum(row.status == "quarantined" and bool(row.reason) for row in others),
        sum(row.rows_rejected for row in others),
        sum(row.rows_loaded for row in others),
        sum("passed over" in line for line in told),
    )
    expected = (hostile.refused, hostile.rejected, hostile.loaded, hostile.passed_over)
    tally.expect(found == expected, f"{hostile.title}: {found} refused, rejected, loaded, passed over; not {expected}")
    tally.expect(all(add_up(row) for row in rows), f"{hostile.title}: rows do not add up")
    tally.expect(all(row.file_name.isprintable() for row in rows), f"{hostile.title}: a name holds control characters")
    tally.expect(len(told) < 100 and max(map(len, told), default=0) < 2000, f"{hostile.title}: told at too much length")
    tally.expect(len(home.findings()) < 1000, f"{hostile.title}: {len(home.findings())} findings")
    for export in (CALLS, ZENDESK_TICKETS):
        for row in home.rows(export.folder):
            number = int(row[export.key].split("~")[1])
            strange = [c for c in export.columns if row[c] is None and number >= FIRST] + export.swapped(row)
            tally.expect(not strange, f"{hostile.title}: {strange} of row {number}")
    for word, times in zip(
        ("files refused", "rows rejected", "rows loaded", "entries passed over"), found, strict=True
    ):
        tally.saw(word, times)


def _outside(place: Path, home: Home) -> dict[str, tuple[int, int]]:
    """Size and time of all files outside the home, and of those in the landing area."""
    found = {}
    for folder, folders, files in os.walk(os.fsencode(place)):
        if os.fsdecode(folder) == str(home.path):
            folders[:] = [b"landing"]
            continue
        for name in files:
            info = os.lstat(os.path.join(folder, name))  # noqa: PTH118  a name may be no text
            found[repr((folder, name))] = (info.st_size, info.st_mtime_ns)
    return found
