"""The broker between a run and the workers that do its steps, where one is set, and Celery's settings for both.

Not here: the executor (executor.py) and the workers (worker.py). Celery is asked for only where a broker is set.
"""

from __future__ import annotations

from typing import Any

from ingestion.errors import ConfigError
from ingestion.settings import Settings

BROKER = "SUPPORT_KPIS_CELERY_BROKER"
#: Tags of a step that any number of workers may do at once. All others wait in Celery's queue `dagster` for one worker,
#: the only one that opens the warehouse.
INGEST = {"dagster-celery/queue": "ingest"}


def app_args(settings: Settings) -> dict[str, Any]:
    """What dagster-celery makes an executor of, and of that an app. Raises ConfigError without a broker or Celery."""
    url = settings.credentials.get(BROKER)
    if not url:
        raise ConfigError(f"{BROKER} is not set; write redis://:password@host:6379/0 there (.env.example)")
    try:
        import dagster_celery  # noqa: F401
    except ImportError:
        raise ConfigError(f"{BROKER} needs the package dagster-celery; make driver-dagster installs it") from None
    # A worker takes no more than it works on: what a killed one had taken would wait an hour at Redis.
    own = {"worker_disable_prefetch": True, "broker_connection_retry_on_startup": True}
    return {"broker": url, "backend": url, "include": [], "config_source": own}
