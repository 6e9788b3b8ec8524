"""The scorecard for people: as text for a terminal and as one plain, self-contained HTML page.

Not here: its values (mart_kpi_scorecard) and how a value is written (lib.targets).
"""

from __future__ import annotations

from html import escape
from typing import Any

from orchestration.lib.targets import show

COLUMNS = ("target", "KPI", "scope", "window", "value", "goal", "before", "trend", "status")
STATUS_WORDS = {"met": "met", "at_risk": "at risk", "missed": "MISSED", "no_data": "no data"}
STATUS_COLOURS = {"met": "#1a7f37", "at_risk": "#9a6700", "missed": "#cf222e", "no_data": "#57606a"}

PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Support KPIs as of {as_of}</title>
<style>
body {{ font: 15px/1.4 system-ui, sans-serif; margin: 2rem; color: #1f2328; background: #fff }}
table {{ border-collapse: collapse }}
th, td {{ padding: .35rem .7rem; border-bottom: 1px solid #d0d7de; text-align: left }}
td.number {{ text-align: right; font-variant-numeric: tabular-nums }}
td.status {{ font-weight: 600 }}
{status_rules}
</style>
</head>
<body>
<h1>Support KPIs</h1>
<p>As of <time datetime="{as_of}">{as_of}</time>. {summary}</p>
<table>
<thead><tr>{head}</tr></thead>
<tbody>
{rows}
</tbody>
</table>
</body>
</html>
"""


def as_html(rows: list[dict[str, Any]], as_of: str) -> str:
    """The page; every text from data is escaped, each target's row carries data-target-id."""
    rules = "\n".join(f'tr[data-status="{status}"] .status {{ color: {it} }}' for status, it in STATUS_COLOURS.items())
    head = "".join(f"<th>{escape(name)}</th>" for name in COLUMNS)
    body = "\n".join(_html_row(row) for row in rows)
    return PAGE.format(as_of=escape(as_of), status_rules=rules, summary=summary(rows), head=head, rows=body)


def _html_row(row: dict[str, Any]) -> str:
    classes = {"value": "number", "goal": "number", "before": "number", "status": "status"}
    cells = "".join(
        f'<td class="{classes[name]}">{escape(text)}</td>' if name in classes else f"<td>{escape(text)}</td>"
        for name, text in zip(COLUMNS, _cells(row), strict=True)
    )
    attributes = f'data-target-id="{escape(row["target_id"])}" data-status="{escape(row["status"])}"'
    return f"<tr {attributes}>{cells}</tr>"


def as_text(rows: list[dict[str, Any]], as_of: str) -> str:
    """The table in columns, for a terminal of any width."""
    table = [COLUMNS, *(_cells(row) for row in rows)]
    widths = [max(len(line[i]) for line in table) for i in range(len(COLUMNS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in table]
    return "\n".join([f"Support KPIs as of {as_of}. {summary(rows)}", "", *lines])


def summary(rows: list[dict[str, Any]]) -> str:
    counts = {status: sum(row["status"] == status for row in rows) for status in STATUS_WORDS}
    words = [f"{counts[status]} {word.lower()}" for status, word in STATUS_WORDS.items()]
    return f"{len(rows)} targets: {', '.join(words)}"


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    unit = row["unit"]
    scope = "all" if row["dimension"] == "all" else f"{row['dimension']} {row['dimension_value']}"
    start, end = row["window_start"], row["window_end"]
    window = f"{start}" if start == end else f"{start} to {end}"
    goal = f"{row['comparator']} {show(row['target'], unit)}"
    value, before = show(row["value"], unit), show(row["previous_value"], unit)
    name = row["name"] or row["kpi_id"]
    return (row["target_id"], name, scope, window, value, goal, before, row["trend"] or "", STATUS_WORDS[row["status"]])
