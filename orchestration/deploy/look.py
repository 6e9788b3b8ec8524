"""Dagster's storage and the workers behind the broker, as `support-kpis doctor` finds them. Each look gives a line, and
raises whatever stands in its way.
"""

from __future__ import annotations

from collections import Counter

from ingestion.errors import ConfigError
from ingestion.settings import Settings
from orchestration.deploy.broker import app_args

ANSWER_SECONDS = 5


def storage_of(settings: Settings) -> str:
    """Asks Dagster's storage for its runs."""
    import dagster as dg

    with dg.DagsterInstance.from_config(str(settings.dagster_home)) as instance:
        return f"{instance.get_runs_count():,} runs in {type(instance.run_storage).__name__}"


def workers_of(settings: Settings) -> str:
    """Asks the workers for their queues. Raises ConfigError where a step would wait for ever, or two write."""
    broker = app_args(settings)
    from dagster_celery.executor import CeleryExecutor
    from dagster_celery.make_app import make_app

    app = make_app(CeleryExecutor.for_cli(**broker).app_args())
    answers = app.control.inspect(timeout=ANSWER_SECONDS).active_queues() or {}
    count = Counter(queue["name"] for queues in answers.values() for queue in queues)
    told = f"{count['ingest']} workers load exports, {count['dagster']} opens the warehouse"
    if not count["ingest"] or count["dagster"] != 1:
        raise ConfigError(f"{told}: start as many of the first as you like, and one of the second")
    return told
