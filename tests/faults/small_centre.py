"""A small simulated contact centre whose nights give no warning, and the hand to plant a row of one's own in it.

Belongs here: the clean landing area and its configuration. Not here: what is planted (defects) and what comes of it.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from ingestion.settings import CHECKOUT
from ingestion.simulator import simulate

#: Things a shop of this size does not see every day; a stream without news for a month is stale all the same.
RARE = ("order_defects", "remedies", "ratings", "evaluations", "survey_responses", "order_lines")
MONTH_HOURS = 31 * 24
#: The vendors' own types of a ticket, which the shipped issue_types.csv leaves to the tags.
VENDOR_TYPES = ("order", "question", "problem", "incident", "task")


@dataclass(frozen=True)
class Centre:
    """A home with exports up to the midnight at which `end` begins, in UTC."""

    home: Path
    end: date

    @property
    def landing(self) -> Path:
        return self.home / "landing"

    @property
    def as_of(self) -> str:
        return self.at(0)

    def at(self, hours: float) -> str:
        """The instant so many hours after the end; exports lie before it."""
        return (self._midnight + timedelta(hours=hours)).isoformat().replace("+00:00", "Z")

    def epoch(self, hours: float) -> int:
        return int((self._midnight + timedelta(hours=hours)).timestamp())

    @property
    def _midnight(self) -> datetime:
        return datetime(self.end.year, self.end.month, self.end.day, tzinfo=UTC)

    @property
    def manifest(self) -> Path:
        return self.home / "state" / "manifest.sqlite"

    def lose_newest(self, stream: str) -> None:
        """The newest file of a stream never arrived."""
        max((self.landing / stream).iterdir()).unlink()

    def write(self, name: str, content: str | bytes) -> None:
        path = self.landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def rows(self, stream: str, *rows: dict[str, object], without: str = "", extra: tuple[str, ...] = ()) -> None:
        """A CSV file of the generic stream, with the columns of its exports: one left out, some added."""
        with min((self.landing / "generic" / stream).glob("*.csv")).open(newline="") as lines:
            columns = [name for name in next(csv.reader(lines)) if name != without]
        unknown = {name for row in rows for name in row} - {*columns, *extra, without}
        assert not unknown, f"{stream} has no column {unknown}"
        cells = [[str(row.get(name, "")) for name in (*columns, *extra)] for row in rows]
        text = "\n".join(",".join(line) for line in [[*columns, *extra], *cells])
        self.write(f"generic/{stream}/planted.csv", f"{text}\n")


def clean_centre(home: Path, end: date, *, days: int, contacts_per_day: int, seed: int) -> Centre:
    """Writes the exports and the configuration of a data team that has mapped all of it."""
    centre = Centre(home, end)
    centre.landing.mkdir(parents=True)
    simulate(centre.landing, days=days, contacts_per_day=contacts_per_day, seed=seed, end=end)
    (home / "config").mkdir()
    types = (CHECKOUT / "dbt_project" / "config" / "issue_types.csv").read_text()
    types += "".join(f",type,{name},vendor_{name},other,,\n" for name in VENDOR_TYPES)
    (home / "config" / "issue_types.csv").write_text(types)
    hours = "".join(f'"generic/{stream}" = {MONTH_HOURS}\n' for stream in RARE)
    hours += f'"zendesk/satisfaction_ratings" = {MONTH_HOURS}\n'
    (home / "config" / "settings.toml").write_text(f"[freshness]\n{hours}")
    return centre
