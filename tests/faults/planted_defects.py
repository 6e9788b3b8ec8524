"""Planted defects: the named check fires, no other does, only the contract's four block; clean nights raise nothing.

Not here: the defects themselves (defects) and how a night is judged (in_memory).
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

from tests.faults.defects import DEFECTS, Defect
from tests.faults.in_memory import Night, built, judged, load, run_night
from tests.faults.small_centre import Centre, clean_centre
from tests.faults.tally import Tally

TITLE = "Planted defects, one at a time, and clean nights between them: the named check fires, all others stay quiet"
CLEAN_NIGHTS = 50
FULL = len(DEFECTS) + CLEAN_NIGHTS
SHORT = 2
SEED = 9
#: Both nights on which the clocks change in Europe and in the USA, a leap day, the turn of a year, and plain ones.
ENDS = (
    "2026-03-02", "2026-03-09", "2026-03-30", "2026-10-26", "2026-11-02", "2024-03-01", "2026-01-01", "2026-06-16",
    "2026-08-06", "2026-05-23",
)  # fmt: skip


def run(count: int, root: Path) -> Tally:
    """`count` nights, defects and clean ones in the proportion of the full count."""
    tally, pick = Tally(), Random(SEED)
    planted = round(count * len(DEFECTS) / FULL)
    new = clean_centre(root / "new", date(2026, 3, 2), days=10, contacts_per_day=40, seed=SEED)
    loaded = replace(new, home=Path(shutil.copytree(new.home, root / "loaded")))
    load(loaded.home, loaded.as_of)
    for defect in DEFECTS if planted == len(DEFECTS) else pick.sample(DEFECTS, planted):
        before = new if defect.is_first_night else loaded
        home = Path(shutil.copytree(before.home, root / "night"))
        judge(tally, defect, night_with(replace(before, home=home), defect))
        shutil.rmtree(home)
    for seed in range(count - planted):
        clean_night(tally, root / "clean", seed, pick)
    return tally


def night_with(centre: Centre, defect: Defect) -> Night:
    """A night of a clean home with the defect in what is new."""
    defect.plant(centre)
    with built(centre.home, centre.as_of) as (con, ingested):
        defect.break_tables(con)
        return judged(con, ingested)


def judge(tally: Tally, defect: Defect, night: Night) -> None:
    fired = {**night.warned, **night.blocked}
    tally.expect(set(fired) == set(defect.fires), f"{defect.title}: {defect.fires} must fire, and {fired} did")
    blocking = {defect.fires[0]} if defect.blocks else set()
    tally.expect(
        set(night.blocked) == blocking, f"{defect.title}: {blocking or 'none'} must block, not {night.blocked}"
    )
    tally.saw("defects found that block" if defect.blocks else "defects found that warn")


def clean_night(tally: Tally, home: Path, seed: int, pick: Random) -> None:
    end, days, volume = date.fromisoformat(pick.choice(ENDS)), pick.randint(8, 21), pick.randint(30, 90)
    centre = clean_centre(home, end, days=days, contacts_per_day=volume, seed=seed)
    night = run_night(centre.home, centre.as_of)
    raised = {**night.warned, **night.blocked}
    tally.expect(not raised, f"clean night of seed {seed}, {days} days of {volume} contacts to {end}: {raised}")
    tally.saw("clean nights without a word" if not raised else "clean nights that raised something")
    shutil.rmtree(home)
