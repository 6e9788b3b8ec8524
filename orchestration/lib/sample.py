"""The sample that `run --or-sample` writes into an empty landing area, and when it still counts as the only data.

Not here: how the sample is made (ingestion.simulator).
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path

from ingestion.manifest import Manifest
from ingestion.remote.mirror import files_there
from ingestion.settings import Settings


def write_sample_if_empty(settings: Settings, end: date, say: Callable[[str], None]) -> bool:
    """Write the sample when no export has landed yet, and note its end and its files; True if it was written.

    Never for a remote landing area, whose files are all the customer's. It is made aside and moved in whole: half a
    sample would count as somebody's exports. With it comes the date of its intervention, unless the home has an
    interventions.csv of its own.
    """
    if _landed(settings.landing) or _loaded(settings):
        return False
    if settings.is_remote:
        if not files_there(settings):
            say(f"no exports in {settings.landing_url} yet, and no sample: it is written to local landing areas only")
        return False
    from ingestion.simulator import sample_interventions, write_sample

    say(f"no exports in {settings.landing} yet: writing a sample that ends on {end}")
    with tempfile.TemporaryDirectory(dir=settings.tmp, prefix="sample-") as draft:
        write_sample(Path(draft), end, say)
        for source in sorted(Path(draft).iterdir()):
            shutil.move(source, settings.landing / source.name)
    interventions = settings.config / "interventions.csv"
    if not interventions.exists():
        interventions.write_text(sample_interventions(end), encoding="utf-8")
    midnight = datetime.combine(end, time.min, UTC)
    note = {"end": midnight.isoformat(), "files": _landed(settings.landing)}
    _marker(settings).write_text(json.dumps(note))
    return True


def sample_end(settings: Settings) -> datetime | None:
    """The end of the sample's history, None as soon as any other file has landed (or there never was a sample)."""
    marker = _marker(settings)
    if not marker.exists():
        return None
    note = json.loads(marker.read_text())
    return datetime.fromisoformat(note["end"]) if _landed(settings.landing) == note["files"] else None


def _marker(settings: Settings) -> Path:
    return settings.manifest_path.with_name("sample.json")


def _loaded(settings: Settings) -> bool:
    """Whether the lake has rows of files that may have been taken out of the landing area since."""
    if not settings.manifest_path.exists():
        return False
    with Manifest(settings.manifest_path) as manifest:
        return bool(manifest.contents(status="loaded"))


def _landed(landing: Path) -> list[str]:
    return sorted(path.relative_to(landing).as_posix() for path in landing.rglob("*") if path.is_file())
