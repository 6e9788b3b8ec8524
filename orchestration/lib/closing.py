"""The last lines of `support-kpis run`: what a person reads in ten seconds before going to bed.

Not here: the scorecard as a whole (lib.scorecard), what went wrong (lib.events).
"""

from __future__ import annotations

from typing import Any

import click

from ingestion.settings import Settings
from orchestration.lib.outcome import Outcome
from orchestration.lib.published import current_restated, current_scorecard
from orchestration.lib.targets import show

MOST = 5


def closing_lines(outcome: Outcome, settings: Settings, seconds: float) -> list[str]:
    """For a run that has published: rows, targets that are not met, numbers that moved, warnings, and where to look."""
    found = current_scorecard(settings.published)
    rows = found[1] if found else []
    told = f"{outcome.rows_read:,} rows read, {outcome.rows_rejected:,} rejected"
    lines = [f"published  as of {outcome.as_of} in {_duration(seconds)}; {told}", f"targets    {_targets(rows)}"]
    for status, colour in (("missed", "red"), ("at_risk", "yellow")):
        concerned = [row for row in rows if row["status"] == status]
        lines += [click.style(f"           {_target(row)}", fg=colour) for row in concerned[:MOST]]
        lines += [f"           and {len(concerned) - MOST} more {status.replace('_', ' ')}"] * (len(concerned) > MOST)
    if moved := current_restated(settings.published):
        lines.append(f"restated   {moved}; most: {moved.most[0]}")
    if outcome.warnings:
        lines.append(f"warnings   {len(outcome.warnings)}")
        lines += [f"           {text[:160]}" for text in outcome.warnings[:MOST]]
        lines += [f"           and {len(outcome.warnings) - MOST} more in the log"] * (len(outcome.warnings) > MOST)
    return [*lines, f"page       {settings.published / 'current' / 'scorecard.html'}"]


def _targets(rows: list[dict[str, Any]]) -> str:
    words = {"met": "met", "at_risk": "at risk", "missed": "missed", "no_data": "no data"}
    return ", ".join(f"{sum(row['status'] == status for row in rows)} {word}" for status, word in words.items())


def _target(row: dict[str, Any]) -> str:
    goal = f"{row['comparator']} {show(row['target'], row['unit'])}"
    word = row["status"].replace("_", " ")
    before = f", before {show(row['previous_value'], row['unit'])}" if row["previous_value"] is not None else ""
    return f"{word}: {row['target_id']} {show(row['value'], row['unit'])} ({goal}{before})"


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds // 60:.0f} min {seconds % 60:.0f} s"
