"""The one resource of a run: its config (the launch form), the lock it holds, and the settings it sees.

Belongs here: what is decided once per run. Not here: what a single step does with it, and reading the form's texts
(lib.launch_form).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import dagster as dg
import duckdb
from pydantic import Field, PrivateAttr

from ingestion import modes
from ingestion.catalogue import kpi_catalogue
from ingestion.configuration import Configuration, load_configuration
from ingestion.limits import Limits, limits_of
from ingestion.settings import Settings, load_settings
from orchestration.lib import progress, run_steps
from orchestration.lib.connecting import connect
from orchestration.lib.dbt import end_calls
from orchestration.lib.forget_finish import finishing
from orchestration.lib.home import clear_tmp, close_dead_run, prepare_home
from orchestration.lib.launch_form import Asked, read_form
from orchestration.lib.run_lock import hold, holder, tell
from orchestration.lib.sample import sample_end

WAIT_SECONDS = 600


class RunOverError(Exception):
    """A step came to work for a run that is over: another run may have begun."""


class NightlyRun(dg.ConfigurableResource):
    """What one run is asked to do. Set these in the Launchpad under `resources: nightly_run: config:`."""

    as_of: str | None = Field(
        default=None,
        description="Judge everything at this instant, ISO 8601 with offset, e.g. 2026-03-02T00:00:00Z. "
        "null: the moment of the start.",
    )
    full_refresh: bool = Field(
        default=False,
        description="true: build every table anew from what has been loaded. false: only what is new or has changed.",
    )
    sources: list[str] = Field(
        default=[],
        description='Load only these sources or streams, e.g. ["zendesk", "generic/calls"]; '
        "exports of the others wait for another run. []: all.",
    )
    files_from: str | None = Field(
        default=None,
        description="Load only exports whose file was last changed on this day or later, e.g. 2026-03-01, "
        "in the reporting time zone. null: no bound.",
    )
    files_until: str | None = Field(
        default=None,
        description="Load only exports whose file was last changed on this day or earlier. null: no bound.",
    )
    pull_from: str | None = Field(
        default=None,
        description="Pull from the vendors' APIs again what changed on this day or later, e.g. 2026-03-01, with its "
        "last day in pull_until. null: go on where the last pull ended.",
    )
    pull_until: str | None = Field(default=None, description="The last day that is pulled again. null: see pull_from.")
    reload: list[str] = Field(
        default=[],
        description='Forget what was loaded of these streams and read their exports again, e.g. ["zendesk/tickets"], '
        'or ["all"]. []: none.',
    )
    wait_seconds: int = Field(
        default=WAIT_SECONDS, description="How long to wait for a run that is active outside of this UI."
    )
    home: str = Field(
        default="", description="The data directory. Leave it as it is; empty: the one that the environment names."
    )

    _instant: datetime = PrivateAttr()

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[NightlyRun]:
        """The run while its steps are in this process; a step that another process has begun joins that one's run."""
        run = context.run
        is_step = bool(run_steps.current())
        with self._joined(run.run_id) if is_step else self.begun(run, context.instance, context.log.info):
            try:
                yield self
            finally:
                end_calls()
                # dagster-dbt copies a file of the checkout there, mode and all.
                modes.make_private(self.settings.dbt_dir)

    @contextmanager
    def begun(
        self, run: dg.DagsterRun | None, instance: dg.DagsterInstance | None, say: Callable[[str], None]
    ) -> Iterator[None]:
        """Hold the lock while the run lasts, and fix `as_of` once for all its steps. Raises ConfigError."""
        self.asked()
        prepare_home(self.settings, self.configuration.settings["retention"]["run_days"])
        lock = self.settings.lock_path
        with hold(lock, wait_seconds=self.wait_seconds, run_id=run.run_id if run else "", say=say) as died:
            clear_tmp(self.settings)
            if instance is not None:
                close_dead_run(instance, died)
            self._instant = default_as_of(self.settings)
            tell(lock, as_of=self._instant.isoformat())
            is_part = bool(run and (run.asset_selection or run.step_keys_to_execute))
            with finishing(self.settings, self.configuration, is_whole=not is_part):
                yield

    @contextmanager
    def _joined(self, run_id: str) -> Iterator[None]:
        """Take part in a run that another process holds the lock for. Raises RunOverError where it is over."""
        is_held, told = holder(self.settings.lock_path)
        if not is_held or told.get("run_id") != run_id or "as_of" not in told:
            raise RunOverError(f"run {run_id} is over, or the process that led it is gone; this step does nothing")
        self._instant = datetime.fromisoformat(told["as_of"])
        self.settings.tmp.mkdir(mode=modes.PRIVATE_FOLDER, parents=True, exist_ok=True)
        try:
            yield
        finally:
            shutil.rmtree(self.settings.tmp, ignore_errors=True)

    @cached_property
    def settings(self) -> Settings:
        return load_settings(home=self.home or None, as_of=self.as_of, scratch=run_steps.current())

    @cached_property
    def configuration(self) -> Configuration:
        return load_configuration(self.settings, kpi_catalogue())

    @cached_property
    def limits(self) -> Limits:
        return limits_of(self.configuration.settings)

    @property
    def instant(self) -> datetime:
        """The run's `as_of`, aware, in UTC."""
        return self._instant

    def asked(self) -> Asked:
        """What this run is asked to load. Raises ConfigError for what the form holds and nobody can read."""
        zone = self.configuration.settings["time_zone"]
        files, pulled = (self.files_from, self.files_until), (self.pull_from, self.pull_until)
        return read_form(self.sources, files, pulled, self.reload, zone)

    def say(self, context: dg.OpExecutionContext | dg.AssetExecutionContext, text: str) -> None:
        """One line of progress, to Dagster's log and to the terminal when there is one."""
        context.log.info(text)
        progress.say(text)

    @contextmanager
    def warehouse(self, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection to the working file; closed at the end, so that dbt finds it free."""
        with self.connect(self.settings.warehouse, read_only=read_only) as connection:
            yield connection

    def connect(self, path: Path | str, read_only: bool = False) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """A connection within this run's limits that spills into the home."""
        return connect(path, self.limits.of_duckdb(self.settings.tmp), read_only=read_only, say=progress.say)


def default_as_of(settings: Settings) -> datetime:
    """The instant asked for; else the end of the sample while nothing else has landed; else now, to the second."""
    return (settings.as_of or sample_end(settings) or datetime.now(UTC).replace(microsecond=0)).astimezone(UTC)
