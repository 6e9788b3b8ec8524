"""What a worker loads: `celery -A orchestration.deploy.worker worker -Q ingest` (or `-Q dagster`, one of them only).

Not here: what a step does. dagster-celery executes it as any process of Dagster would.
"""

from __future__ import annotations

import os
from typing import Any

from celery import Task
from dagster_celery.executor import CeleryExecutor
from dagster_celery.make_app import make_app
from dagster_celery.tasks import create_task

import orchestration.definitions  # noqa: F401  (once, and not again in the process of every step)
from ingestion.settings import load_settings
from orchestration.deploy.broker import app_args
from orchestration.lib import run_steps
from orchestration.lib.home import QUIET

os.environ.update(QUIET)
settings = load_settings()
app = make_app(CeleryExecutor.for_cli(**app_args(settings)).app_args())


class Step(Task):
    """A step that is known to be at work, by the id of its task."""

    abstract = True

    def __call__(self, *args: Any, **options: Any) -> Any:
        with run_steps.working(settings.lock_path, self.request.id):
            return super().__call__(*args, **options)


execute_plan = create_task(app, base=Step)
