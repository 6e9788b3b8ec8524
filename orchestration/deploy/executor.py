"""Dagster's Celery executor, around which the process of the run holds the run lock while workers do its steps.

Not here: what a worker does (worker.py), and where the broker is (broker.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
from celery.result import AsyncResult
from dagster._core.execution.retries import RetryMode
from dagster_celery.core_execution_loop import core_celery_execution_loop
from dagster_celery.executor import CeleryExecutor, _submit_task

from ingestion.settings import Settings
from orchestration.lib import run_steps
from orchestration.lib.nightly_run import NightlyRun


class StepLostError(Exception):
    """The process of a step was killed: nobody else will tell."""


def night_on_workers(broker: dict[str, Any], settings: Settings) -> dg.ExecutorDefinition:
    """The executor over the app of broker.app_args, for the home of `settings`."""

    @dg.executor(name="celery", requirements=dg.multiple_process_executor_requirements())
    def celery(_context: dg.InitExecutorContext) -> NightOnWorkers:
        return NightOnWorkers(RetryMode.ENABLED, **broker, home=settings.home)

    return celery


class NightOnWorkers(CeleryExecutor):
    """One run: what is decided once is decided here, its steps are done elsewhere."""

    def __init__(self, retries: RetryMode, *, home: Path, **broker: Any) -> None:
        super().__init__(retries, **broker)
        self.home = home

    def execute(self, plan_context: Any, execution_plan: Any) -> Iterator[dg.DagsterEvent]:
        run = plan_context.dagster_run
        form = run.run_config.get("resources", {}).get("nightly_run", {}).get("config", {})
        night = NightlyRun(**{"home": str(self.home), **form})

        def submit(*step: Any) -> Watched:
            return Watched(_submit_task(*step), night.settings.lock_path)

        with night.begun(run, plan_context.instance, plan_context.log.info):
            yield from core_celery_execution_loop(plan_context, execution_plan, submit)


@dataclass(frozen=True)
class Watched:
    """A step's result, which also comes when its process was killed: Celery would wait for it without end."""

    result: AsyncResult
    lock: Path

    def ready(self) -> bool:
        return self.result.ready() or run_steps.was_killed(self.lock, self.result.id)

    def get(self) -> Any:
        if not self.result.ready():
            raise StepLostError("the worker's process was killed; what is published stays, the next run goes on")
        return self.result.get()

    def revoke(self) -> None:
        self.result.revoke()
