"""Hooks of the job: a digest after `published`, a word after a step that failed. Not here: what they say (alerts)."""

import dagster as dg

from ingestion.catalogue import kpi_catalogue
from orchestration.alerts import nights
from orchestration.lib import progress
from orchestration.lib.events import CLASS
from orchestration.lib.nightly_run import NightlyRun

PUBLISHED_STEP = "published"


def _say(context: dg.HookContext, text: str) -> None:
    context.log.info(text)
    progress.say(text)


@dg.success_hook(required_resource_keys={"nightly_run"})
def alert_news(context: dg.HookContext) -> None:
    """After publication: what changed since the last alert."""
    if context.step_key != PUBLISHED_STEP:
        return
    run: NightlyRun = context.resources.nightly_run
    try:
        nights.after_publication(
            run.settings, kpi_catalogue(), run.instant.isoformat(), lambda text: _say(context, text)
        )
    except Exception as error:
        _say(context, f"alerts: not looked at ({type(error).__name__}: {' '.join(str(error).split())[:200]})")


@dg.failure_hook(required_resource_keys={"nightly_run"})
def alert_failure(context: dg.HookContext) -> None:
    """After a step that failed: which, and why."""
    error = context.op_exception
    reason = CLASS.sub("", " ".join(str(getattr(error, "description", None) or error).split()))[:400]
    run: NightlyRun = context.resources.nightly_run
    try:
        nights.after_failure(run.settings, f"{context.step_key}: {reason}", lambda text: _say(context, text))
    except Exception as failed:
        _say(context, f"alerts: not sent ({type(failed).__name__}: {' '.join(str(failed).split())[:200]})")
