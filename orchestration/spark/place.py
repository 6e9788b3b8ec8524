"""Where a home keeps what is Spark's: tables, metastore, links to lake files, dbt's artifacts. Works without Spark.

The copy of its lake for executors that do not see the home: orchestration.spark.stored_lake.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from ingestion.settings import Settings
from orchestration.spark.stored_lake import delete_lakes


def place_of(settings: Settings) -> Path:
    """Nobody else's to read: facts name people by their keyed hashes."""
    return settings.home / "spark"


def delete_builds(settings: Settings) -> bool:
    """Takes away all that was built there, and copies of the lake; True if anything was. The caller holds the run lock.

    Raises ConfigError and RemoteError where a copy of the lake cannot be taken away; nothing else then is.
    """
    place = place_of(settings)
    if not place.exists():
        return False
    delete_lakes(settings, place)
    shutil.rmtree(place)
    return True
