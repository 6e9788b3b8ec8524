"""Reading a finished run's events: counts for its Outcome, and the one line that says why it stopped.

Not here: producing events (orchestration/defs).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import dagster as dg

from orchestration.lib.outcome import Outcome
from orchestration.lib.remedies import with_next_step

# Dagster puts the class with its module before an error's own words.
CLASS = re.compile(r"^(\w+\.)*\w*(Error|Exception|Failure): ")
ROW_COUNTS = ("rows_read", "rows_loaded", "rows_duplicate", "rows_rejected")
SCORECARD = dg.AssetKey("mart_kpi_scorecard")
TARGETS_STEP = "kpi_targets"
NEXT_AFTER_CHECK = "see quarantine/ and the landing files; mend or restore the export, then run again"


def read_events(events: Sequence[dg.DagsterEvent], outcome: Outcome) -> None:
    """Fill in what the run's events tell: rows, failed checks, warnings, missed targets, whether it published."""
    for event in events:
        if event.is_step_materialization:
            materialization = event.step_materialization_data.materialization
            if materialization.asset_key.path[0] == "raw":
                for name in ROW_COUNTS:
                    setattr(outcome, name, getattr(outcome, name) + materialization.metadata[name].value)
            outcome.published |= materialization.asset_key.path == ["published"]
    failed = _failed_checks(events)
    outcome.targets_missed = sum(step == TARGETS_STEP for step, _ in failed)
    outcome.checks_failed = sum(_blocks(step, check) for step, check in failed)
    outcome.warnings = [
        f"{check.asset_key.to_user_string()}, {check.check_name}: {check.description}"
        for step, check in failed
        if step != TARGETS_STEP and not _blocks(step, check)
    ]


def first_failure(events: Sequence[dg.DagsterEvent]) -> str:
    """What stopped the run: asset, reason and next step, in one line."""
    for step, check in _failed_checks(events):
        if step == "ingest" and _blocks(step, check):
            found = f"{check.asset_key.to_user_string()}: blocking check {check.check_name} failed: {check.description}"
            return f"{found}. Next: {NEXT_AFTER_CHECK}"
    for event in events:
        if event.is_step_failure:
            return with_next_step(f"{event.step_key}: {_root_cause(event.step_failure_data.error)}")
    for event in events:
        error = getattr(event.event_specific_data, "error", None) if event.is_failure else None
        if error is not None:
            return with_next_step(_root_cause(error))
    return with_next_step("the run failed")


def _failed_checks(events: Sequence[dg.DagsterEvent]) -> list[tuple[str, dg.AssetCheckEvaluation]]:
    evaluations = [
        (event.step_key, event.event_specific_data)
        for event in events
        if event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION
    ]
    return [(step, evaluation) for step, evaluation in evaluations if not evaluation.passed]


def _blocks(step: str, check: dg.AssetCheckEvaluation) -> bool:
    """A missed target alerts, however severe; of the others, errors hold publication back."""
    return step != TARGETS_STEP and check.severity == dg.AssetCheckSeverity.ERROR


def _root_cause(error) -> str:
    """The innermost error of a chain; a Failure that a step raised on purpose says it better than its cause."""
    while error.cause is not None and error.cls_name != "Failure":
        error = error.cause
    if error.cls_name == "DagsterExecutionInterruptedError":
        return "interrupted"
    return CLASS.sub("", " ".join(error.message.split()))[:600]
