"""The page itself: targets by family, figures, agents, definitions; one file that needs nothing from anywhere.

Every text from data is escaped by the template and isolated from the direction of the text around it.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import jinja2

from orchestration.lib.scorecard import STATUS_WORDS, cells, summary
from orchestration.lib.targets import last_values, scorecard_rows, show
from orchestration.page import charts
from orchestration.page.agents import agents, clusters
from orchestration.page.figures import figures
from orchestration.page.published import Published

#: What somebody has to look at, the worst first.
ATTENTION = ("missed", "at_risk")
_TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True, lstrip_blocks=True
)


def as_html(connection: duckdb.DuckDBPyConnection, as_of: str) -> str:
    """The page of a version whose tables `connection` reads; `as_of` in UTC."""
    rows = list(scorecard_rows(connection).values())
    published = Published(connection, _last_day(rows, as_of))
    families = _families(published, rows)
    told = [row for _, found in families for row in found]
    sections = list(figures(published))
    tables = {"agents": agents(published), "clusters": clusters(published)}
    shown = {row["kpi_id"] for row in rows} | {kpi for _, made in sections for one in made for kpi in one.kpis}
    shown |= {kpi for table in tables.values() if table for kpi in table.kpis}
    shown |= {kpi for row in told for kpi in row["guards"]}
    return _TEMPLATES.get_template("page.html.j2").render(
        as_of=as_of,
        summary=summary(rows),
        counts=[(status, word, sum(row["status"] == status for row in rows)) for status, word in STATUS_WORDS.items()],
        families=families,
        attention=[row for status in ATTENTION for row in told if row["status"] == status],
        sections=sections,
        definitions={kpi_id: row for kpi_id, row in published.kpis.items() if kpi_id in shown},
        **tables,
    )


def _last_day(rows: list[dict[str, Any]], as_of: str) -> date:
    """The last day that targets look at; without targets the day before that of `as_of`."""
    ends = [row["window_end"] for row in rows if row["window_end"] is not None]
    return max(ends, default=date.fromisoformat(as_of[:10]) - timedelta(days=1))


def _families(published: Published, rows: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Targets under the family of their KPI, the mart it is computed in, in the order of their names."""
    families: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        mart = published.kpis.get(row["kpi_id"], {}).get("mart") or "mart_other"
        told = dict(
            zip(("target", "kpi", "scope", "window", "value", "goal", "before", "trend"), cells(row), strict=False)
        )
        families[mart.removeprefix("mart_").replace("_", " ").capitalize()].append(
            row
            | {
                "told": told,
                "word": STATUS_WORDS[row["status"]],
                "sparkline": _sparkline(published, row),
                "guards": [name for name in (row["guardrail"] or "").split(";") if name],
            }
        )
    return sorted(families.items())


def _sparkline(published: Published, row: dict[str, Any]) -> str:
    values = last_values(published.connection, row)
    alt = f"{len(values)} days from {show(values[0], row['unit'])} to {show(values[-1], row['unit'])}" if values else ""
    return charts.sparkline(values, alt)
