"""The scorecard for people as text for a terminal or the UI.

Not here: its values (mart_kpi_scorecard), how a value is written (lib.targets), the page (orchestration.page).
"""

from __future__ import annotations

from typing import Any

import click

from orchestration.lib.targets import show

COLUMNS = ("target", "KPI", "scope", "window", "value", "goal", "before", "trend", "status")
STATUS_WORDS = {"met": "met", "at_risk": "at risk", "missed": "MISSED", "no_data": "no data"}
WORST_FIRST = ("missed", "at_risk", "no_data", "met")
STYLES = {"met": {}, "at_risk": {"fg": "yellow"}, "missed": {"fg": "red", "bold": True}, "no_data": {"dim": True}}


def as_text(rows: list[dict[str, Any]], as_of: str) -> str:
    """The table in columns, for a terminal of any width. What is missed stands in colour, which a pipe does without."""
    table = [COLUMNS, *(cells(row) for row in rows)]
    widths = [max(len(line[i]) for line in table) for i in range(len(COLUMNS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in table]
    coloured = [click.style(line, **STYLES[row["status"]]) for line, row in zip(lines[1:], rows, strict=True)]
    return "\n".join([f"Support KPIs as of {as_of}. {summary(rows)}", "", lines[0], *coloured])


def as_markdown(rows: list[dict[str, Any]]) -> str:
    """The table for a page that reads Markdown, what is missed first."""
    lines = [f"| {' | '.join(COLUMNS)} |", "|---" * len(COLUMNS) + "|"]
    for row in sorted(rows, key=lambda row: WORST_FIRST.index(row["status"])):
        lines.append(f"| {' | '.join(cell.replace('|', '/').replace('<', '&lt;') for cell in cells(row))} |")
    return "\n".join(lines)


def scorecard_url(run_id: str, target_id: str | None = None) -> str:
    """Where the UI shows the page of the version that this run publishes, or a target's row in it."""
    return f"/scorecard/{run_id}" + (f"#target-{target_id}" if target_id else "")


def summary(rows: list[dict[str, Any]]) -> str:
    counts = {status: sum(row["status"] == status for row in rows) for status in STATUS_WORDS}
    words = [f"{counts[status]} {word.lower()}" for status, word in STATUS_WORDS.items()]
    return f"{len(rows)} targets: {', '.join(words)}"


def cells(row: dict[str, Any]) -> tuple[str, ...]:
    """What stands in a target's row, in the order of COLUMNS."""
    unit = row["unit"]
    scope = "all" if row["dimension"] == "all" else f"{row['dimension']} {row['dimension_value']}"
    start, end = row["window_start"], row["window_end"]
    window = f"{start}" if start == end else f"{start} to {end}"
    goal = f"{row['comparator']} {show(row['target'], unit)}"
    value, before = show(row["value"], unit), show(row["previous_value"], unit)
    name = row["name"] or row["kpi_id"]
    return (row["target_id"], name, scope, window, value, goal, before, row["trend"] or "", STATUS_WORDS[row["status"]])
