"""The sample that `run --or-sample` writes into an empty landing area, and when it still counts as the only data.

Not here: how the sample is made (ingestion.simulator).
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from ingestion.settings import Settings


def write_sample_if_empty(settings: Settings, say) -> bool:
    """Write the sample when no export has landed yet, and note its end and its files; True if it was written."""
    if _landed(settings.landing):
        return False
    from ingestion.simulator import write_sample

    end = write_sample(settings.landing, say)
    note = {"end": end.isoformat(), "files": _landed(settings.landing)}
    _marker(settings).parent.mkdir(parents=True, exist_ok=True)
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


def _landed(landing: Path) -> list[str]:
    return sorted(path.relative_to(landing).as_posix() for path in landing.rglob("*") if path.is_file())
