"""The data directory: its folders, and the Dagster instance that lives in it.

Not here: settings and modes (ingestion), dbt's profile and manifest (lib.dbt), published versions (lib.versions).
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.settings import Settings

if TYPE_CHECKING:
    from dagster import DagsterInstance

DAGSTER_FILE = "dagster.yaml"
DAGSTER_YAML = """\
# Written by support-kpis at every start; changes here are lost.
telemetry:
  enabled: false
# The first page would ask for an e-mail address.
nux:
  enabled: false
concurrency:
  runs:
    max_concurrent_runs: 1
retention:
  schedule:
    purge_after_days: {run_days}
  sensor:
    purge_after_days: {run_days}
"""

# Dagster and dbt report usage to their makers unless told not to.
QUIET = {"DO_NOT_TRACK": "1", "DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "DAGSTER_DISABLE_TELEMETRY": "1"}


def prepare_home(settings: Settings, run_days: int) -> None:
    """Make the folders, and dagster.yaml. Raises OSError.

    `run_days`, of [retention]: how long Dagster keeps the ticks that started runs; the runs go by lib.retention. A
    dagster.yaml in `config/` of the home stands in for ours, word for word.
    """
    settings.prepare_home()
    own = settings.config / DAGSTER_FILE
    text = own.read_text() if has_own_config(settings) else DAGSTER_YAML.format(run_days=run_days)
    write_if_changed(settings.dagster_home / DAGSTER_FILE, text)


def has_own_config(settings: Settings) -> bool:
    """Whether the home says itself how Dagster is configured, and with it where runs and events are stored."""
    return (settings.config / DAGSTER_FILE).exists()


def write_if_changed(path: Path, text: str) -> None:
    """Write `text` in one step, and not at all when it stands there already."""
    if path.exists() and path.read_text() == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    part.write_text(text)
    part.replace(path)


def clear_tmp(settings: Settings) -> None:
    """Take away what a killed run left there: unpacked exports, DuckDB's spilled pages. The caller holds the lock."""
    for path in settings.tmp.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def close_dead_run(instance: DagsterInstance, run_id: str | None) -> None:
    """Mark a run failed whose process was killed while it held the lock: else it fills the queue for ever."""
    run = instance.get_run_by_id(run_id) if run_id else None
    if run is not None and not run.is_finished:
        instance.report_run_failed(run, "the process of this run was killed")
