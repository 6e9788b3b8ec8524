"""`support-kpis run`: the Dagster job `nightly` in this process, and what came of it in one object and one line.

Not here: what the steps do (orchestration/defs) and how they are printed (cli).
"""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import sys
import traceback
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg

from ingestion.adapters import STREAMS
from ingestion.catalogue import kpi_catalogue
from ingestion.configuration import Configuration, load_configuration
from ingestion.key_check import check_key
from ingestion.limits import NoSpaceError, limits_of
from ingestion.remote.opening import driver
from ingestion.settings import Settings, load_settings
from orchestration.lib import progress
from orchestration.lib.event_log import closed_after
from orchestration.lib.events import first_failure, read_events
from orchestration.lib.home import close_dead_run, prepare_home
from orchestration.lib.launch_form import parse_reloads
from orchestration.lib.live import shown_on
from orchestration.lib.outcome import Outcome
from orchestration.lib.remedies import is_disk_full, with_next_step
from orchestration.lib.run_lock import RunActiveError, hold
from orchestration.lib.sample import write_sample_if_empty
from orchestration.lib.space import require_to_begin, where_full
from orchestration.serving.place import place_of

# What a disk, its modes or a broken manifest do to a start, before there is a log to leave a trace in.
MACHINE_FAULTS = (NoSpaceError, OSError, sqlite3.Error)


@dataclass(frozen=True)
class Options:
    """The options of `support-kpis run`."""

    home: Path | None = None
    as_of: str | None = None
    full_refresh: bool = False
    reload: list[str] | None = None
    wait: float = 600
    or_sample: bool = False


def run_nightly(options: Options) -> Outcome:
    """Run the job once. Raises ConfigError before anything is done; every other end is told by the Outcome."""
    settings = load_settings(home=options.home, as_of=options.as_of)
    configuration = load_configuration(settings, kpi_catalogue())
    limits = limits_of(configuration.settings)
    check_accounts(settings, configuration)

    reloads = parse_reloads(options.reload or [])
    outcome = Outcome(run_id=str(uuid.uuid4()))
    try:
        require_to_begin(settings, limits)
        if settings.is_remote:
            driver(settings.remote_landing)
        check_key(settings, anew=reloads >= set(STREAMS))
        log = open_log(settings, configuration, outcome.run_id)
    except MACHINE_FAULTS as error:
        outcome.error = fault_at_start(error)
        return outcome
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a polite kill ends dbt too, as Ctrl-C does
    with output_to(log) as say, progress.listening(say):
        try:
            with hold(settings.lock_path, wait_seconds=options.wait, run_id=outcome.run_id, say=say) as died:
                _execute(settings, options, outcome, died)
        except RunActiveError as error:
            outcome.error, outcome.busy = str(error), True
        except KeyboardInterrupt:
            outcome.error = "interrupted; the published version is as it was"
        except Exception as error:
            write_trace(error)
            outcome.error = f"{with_next_step(_one_line(error))} (trace: {log})"
    if outcome.error and is_disk_full(outcome.error):
        outcome.error = f"{where_full(settings, limits)}: {outcome.error}"
    return outcome


def check_accounts(settings: Settings, configuration: Configuration) -> None:
    """Raises ConfigError where a source that is pulled lacks a credential, or a database server has a wrong URL."""
    place_of(settings, configuration)
    if configuration.settings["pulls"]:
        from ingestion.pulls.accounts import accounts

        accounts(settings, configuration)


def open_log(settings: Settings, configuration: Configuration, run_id: str) -> Path:
    """Makes the home, and in it the empty log of the run. Raises OSError."""
    prepare_home(settings, configuration.settings["retention"]["run_days"])
    log = settings.logs / f"{run_id}.log"
    log.touch()
    return log


def fault_at_start(error: Exception) -> str:
    """One line with its remedy: there is no log yet to look into."""
    return with_next_step(_one_line(error), "make that place writable or name another home (--home), then run again")


def _execute(settings: Settings, options: Options, outcome: Outcome, died: str | None) -> None:
    from orchestration.lib.nightly_run import default_as_of

    if options.or_sample:
        write_sample_if_empty(settings, datetime.now(UTC).date(), progress.say)
    settings = replace(settings, as_of=default_as_of(settings))
    outcome.as_of = settings.as_of.isoformat()
    progress.say(f"run {outcome.run_id} as of {outcome.as_of} in {settings.home}")
    config = {"full_refresh": options.full_refresh, "reload": options.reload or [], "wait_seconds": int(options.wait)}
    execute_job(settings, config, outcome, died)


def execute_job(settings: Settings, config: dict[str, Any], outcome: Outcome, died: str | None, ingest=True) -> None:
    """The job as of `settings.as_of`, without its first step unless `ingest`; fills in the outcome. Holds the lock."""
    from orchestration.definitions import build_defs
    from orchestration.lib.dbt import end_calls

    job = build_defs(settings).resolve_job_def("nightly")
    keys = job.asset_layer.executable_asset_keys
    config = {"home": str(settings.home), "as_of": outcome.as_of, **config}
    with closed_after(), dg.DagsterInstance.from_config(str(settings.dagster_home)) as instance:
        close_dead_run(instance, died)
        try:
            result = job.execute_in_process(
                run_config={"resources": {"nightly_run": {"config": config}}},
                asset_selection=None if ingest else sorted(key for key in keys if key.path[0] not in ("pull", "raw")),
                instance=instance,
                run_id=outcome.run_id,
                raise_on_error=False,
            )
        finally:
            end_calls()
    read_events(result.all_events, outcome)
    if not result.success:
        outcome.error = f"{first_failure(result.all_events)} (log: {settings.logs / outcome.run_id}.log)"


def _one_line(error: Exception) -> str:
    """Without the statement that SQLAlchemy quotes in full, and without Dagster's schema of a dagster.yaml."""
    if name := re.search(r'environment variable "(\w+)" which is not set', str(error)):
        return f"config/dagster.yaml names {name[1]}, which is not set in this environment"
    return " ".join(str(error).split("[SQL:")[0].split())[:600]


def write_trace(error: Exception) -> None:
    """Into the log, while output goes there."""
    with suppress(OSError):
        traceback.print_exception(error, file=sys.stderr)
        sys.stderr.flush()


@contextmanager
def output_to(log: Path) -> Iterator[Callable[[str], None]]:
    """Send stdout and stderr of this process and its children to `log`; yields a way to the real stderr and the log.

    Dagster and dbt print as they please, and stdout belongs to --json.
    """
    terminal = os.fdopen(os.dup(2), "w")
    saved = os.dup(1)
    with log.open("a") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)

    try:
        with shown_on(terminal) as show:

            def say(text: str) -> None:
                show(text)
                with suppress(OSError):  # a full disk stops the night where it matters, not here
                    os.write(2, f"{datetime.now(UTC):%H:%M:%S} {text}\n".encode())

            yield say
    finally:
        os.dup2(saved, 1)
        os.dup2(terminal.fileno(), 2)
        os.close(saved)
        terminal.close()
