"""A home with the simulator's exports of three years and one published night, and its SQL as dbt compiled it.

Full size (scale 1) is 2.5 million tickets, 7 million messages, 1.1 million calls. Not here: what is timed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

from ingestion.settings import CHECKOUT
from ingestion.simulator import simulate
from orchestration.lib.dbt import build_order
from tests.benchmarks.measure import once_prepared

END = date(2026, 3, 2)
YEARS = 3
CONTACTS_PER_DAY = 3000


def landed(folder: Path, scale: float, years: int = YEARS) -> Path:
    """A folder with `landing/`."""
    contacts = max(round(CONTACTS_PER_DAY * scale), 10)

    def prepare(draft: Path) -> None:
        (draft / "landing").mkdir()
        simulate(draft / "landing", days=365 * years, contacts_per_day=contacts, seed=1, end=END)

    return once_prepared(folder, f"exports-{years}-{scale:g}", prepare)


def published(folder: Path, scale: float, years: int = YEARS) -> Path:
    """A folder with `home/`, in which a night has published those exports."""
    exports = landed(folder, scale, years)

    def prepare(draft: Path) -> None:
        (draft / "landing.txt").write_text(str(exports / "landing"))
        night(draft / "home", exports / "landing")

    return once_prepared(folder, f"home-{years}-{scale:g}", prepare)


def landing_of(published: Path) -> Path:
    """The exports that a published home was made of."""
    return Path((published / "landing.txt").read_text())


def night(home: Path, landing: Path, *options: str, days_on: int = 0) -> None:
    """One night in a process of its own, as of `days_on` days after the exports' end. Raises for one that fails."""
    as_of = f"{END + timedelta(days=days_on)}T00:00:00Z"
    command = [sys.executable, "-m", "orchestration.cli", "run", "--home", str(home), "--as-of", as_of, *options]
    told = {**os.environ, "SUPPORT_KPIS_LANDING_URL": str(landing)}
    done = subprocess.run(command, cwd=CHECKOUT, env=told, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.splitlines()[-1])


def compiled(home: Path) -> list[tuple[str, str]]:
    """(model, SQL) in an order that works."""
    manifest = json.loads((CHECKOUT / "dbt_project" / "target" / "manifest.json").read_bytes())
    found = {path.stem: path for path in (home / "dbt" / "target" / "compiled").rglob("*.sql")}
    return [(name, found[name].read_text()) for name in build_order(manifest)]
