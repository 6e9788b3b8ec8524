"""The job `nightly` and when it runs by itself. Not here: anything a step does."""

from typing import Any

import dagster as dg

from orchestration.defs.alerts import alert_failure, alert_news

CRON = "0 2 * * *"
FORM = {
    "as_of": None,
    "full_refresh": False,
    "sources": [],
    "files_from": None,
    "files_until": None,
    "pull_from": None,
    "pull_until": None,
    "reload": [],
}


def nightly_job(executor: dg.ExecutorDefinition) -> Any:
    """The job over all assets and checks. `executor`: where its steps work."""
    return dg.define_asset_job(
        "nightly",
        selection=dg.AssetSelection.all() | dg.AssetSelection.all_asset_checks(),
        executor_def=executor,
        hooks={alert_news, alert_failure},
        # What the launch form starts with; the schedule runs with it too.
        config={"resources": {"nightly_run": {"config": FORM}}},
        description="Everything, once: load what has landed, build, check, publish. Unit tests of the models are left "
        "out.",
    )


def nightly_schedule(nightly: Any, time_zone: str) -> dg.ScheduleDefinition:
    """02:00 in the reporting time zone; on as soon as the daemon runs."""
    return dg.ScheduleDefinition(
        name="nightly_schedule",
        job=nightly,
        cron_schedule=CRON,
        execution_timezone=time_zone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
    )
