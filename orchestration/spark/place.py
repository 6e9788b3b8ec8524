"""Where a home keeps what is Spark's: tables, metastore, links to lake files, dbt's artifacts. Works without Spark."""

from __future__ import annotations

import shutil
from pathlib import Path

from ingestion.settings import Settings


def place_of(settings: Settings) -> Path:
    """Nobody else's to read: facts name people by their keyed hashes."""
    return settings.home / "spark"


def delete_builds(settings: Settings) -> bool:
    """Takes away all that was built there; True if anything was. The caller holds the run lock."""
    place = place_of(settings)
    if not place.exists():
        return False
    shutil.rmtree(place)
    return True
