"""The sample that a first `make nightly` writes: a small shop, nine weeks, with the planted incidents.

Belongs here: its fixed size and seed. Does not belong here: the incidents themselves (`incidents.py`).
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from ingestion.simulator.incidents import sample_incidents
from ingestion.simulator.model import simulate

DAYS, CONTACTS_PER_DAY, SEED = 63, 250, 20260302


def write_sample(landing: Path, end: date, progress: Callable[[str], None] | None = None) -> None:
    """Writes the sample exports into `landing`; nothing in them is later than midnight UTC at the start of `end`."""
    simulate(
        landing,
        days=DAYS,
        contacts_per_day=CONTACTS_PER_DAY,
        seed=SEED,
        end=end,
        progress=progress,
        incidents=sample_incidents(end.weekday()),
    )
