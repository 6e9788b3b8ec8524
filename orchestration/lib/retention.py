"""What goes at the end of a good night, by the ages of `[retention]` in settings.toml, and what is said of it.

Belongs here: choosing and deleting what is too old. Not here: what a killed run left behind (lib.home, ingestion.run).
"""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from ingestion.adapters import STREAMS
from ingestion.forgotten_names import list_as_kept
from ingestion.manifest import Manifest
from ingestion.people import People
from ingestion.settings import Settings
from orchestration.lib import versions

if TYPE_CHECKING:
    from dagster import DagsterInstance

DAY_SECONDS = 86_400


def apply(settings: Settings, rules: dict[str, int], instance: DagsterInstance) -> Iterator[str]:
    """One line for each kind of thing that went. The caller holds the run lock and has published.

    What cannot be deleted is said and left to the next night: the version of this one stands already.
    """
    kinds: dict[str, Callable[[], Iterable[Any]]] = {
        "versions": lambda: versions.prune(settings.published, rules["versions"]),
        "log_days": lambda: _unlink_old(settings.logs.glob("*.log"), rules["log_days"]),
        "run_days": lambda: _delete_runs(settings, instance, rules["run_days"]),
        "landing_days": lambda: _unlink(_loaded_exports(settings, rules["landing_days"])),
        "lake_days": lambda: _retire_lake(settings, rules["lake_days"]),
        "quarantine_days": lambda: _unlink_old(settings.quarantine.rglob("*"), rules["quarantine_days"]),
    }
    names = {
        "versions": "published versions", "log_days": "log files", "run_days": "runs with their events",
        "landing_days": "loaded exports", "lake_days": "lake files", "quarantine_days": "quarantined files",
    }  # fmt: skip
    for key, remove in kinds.items():
        if rules[key] == 0:
            continue
        try:
            gone = len(list(remove()))
        except (OSError, sqlite3.Error, SQLAlchemyError) as error:
            yield f"{names[key]} left for the next night: {' '.join(str(error).split())}"
            continue
        if gone:
            yield f"{gone} {names[key]} deleted ({key} = {rules[key]})"


def _unlink(paths: Iterable[Path]) -> list[Path]:
    gone = list(paths)
    for path in gone:
        path.unlink(missing_ok=True)
    return gone


def _unlink_old(paths: Iterable[Path], days: int) -> list[Path]:
    before = time.time() - days * DAY_SECONDS
    return _unlink([path for path in paths if path.is_file() and path.stat().st_mtime < before])


def _delete_runs(settings: Settings, instance: DagsterInstance, days: int) -> list[str]:
    """Runs that ended before that day, and all that Dagster writes of a run and never takes away itself."""
    from dagster import RunsFilter

    before = datetime.now(UTC) - timedelta(days=days)
    old = [record.dagster_run for record in instance.get_run_records(RunsFilter(created_before=before))]
    gone = [run.run_id for run in old if run.is_finished]
    for run_id in gone:
        instance.delete_run(run_id)
        with instance.event_log_storage.index_connection() as connection:
            connection.execute(text("delete from asset_check_executions where run_id = :run_id"), {"run_id": run_id})
    kept = {record.dagster_run.run_id for record in instance.get_run_records()}
    for shard in (settings.dagster_home / "history" / "runs").glob("*.db*"):
        run_id = shard.name.split(".db")[0]
        if run_id != "index" and run_id not in kept:
            shard.unlink(missing_ok=True)
    for folder in (settings.dagster_home / "storage").glob("*"):
        if folder.is_dir() and folder.name not in kept:
            shutil.rmtree(folder)
    return gone


def _loaded_exports(settings: Settings, days: int) -> Iterator[Path]:
    """Landed files that are old and, byte for byte as they lie there, in the lake."""
    before = time.time() - days * DAY_SECONDS
    with Manifest(settings.manifest_path) as manifest:
        people = People(settings.pii_key, manifest.tombstones())
        for stream, files in list_as_kept(settings.landing, people).files.items():
            paths = manifest.paths(stream)
            loaded = {row.content_hash for row in manifest.contents(stream, "loaded")}
            for file in files:
                size, mtime_ns, content_hash = paths.get(file.name, (None, None, None))
                as_read = (size, mtime_ns) == (file.size, file.mtime_ns) and content_hash in loaded
                if as_read and file.mtime_ns < before * 1e9:
                    yield file.path


def _retire_lake(settings: Settings, days: int) -> list[str]:
    """Lake files by the day of their load. Their contents stay known, so that the same exports load no second time.

    Of a stream of full snapshots the newest day stays, however old: it is what holds.
    """
    oldest = (datetime.now(UTC) - timedelta(days=days)).date().isoformat()
    gone: list[str] = []
    with Manifest(settings.manifest_path) as manifest:
        for id, stream in STREAMS.items():
            by_day = {name: name.split("load_date=")[1].split("/")[0] for name in manifest.lake_files(id)}
            newest = max(by_day.values(), default="")
            gone += [name for name, day in by_day.items() if day < oldest and not (stream.snapshot and day == newest)]
        with manifest.transaction():
            manifest.forget_lake_files(gone)
    # A file without a row is an orphan, which the next run takes away should this one die here.
    _unlink(settings.lake / name for name in gone)
    return gone
