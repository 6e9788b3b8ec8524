"""The agents' table of the last four weeks, and the complaint clusters: what people read line by line.

Employee satisfaction is not here, on purpose: its answers are nobody's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from orchestration.lib.targets import show
from orchestration.page.published import DAYS, Published

#: In this order, where an agent has any.
KPIS = (
    "contacts_handled_per_agent_day", "first_response_time_mean", "average_handle_time",
    "first_contact_resolution_rate", "reopen_rate", "csat", "qa_score", "occupancy", "schedule_adherence",
)  # fmt: skip
CLUSTERS = 8


@dataclass(frozen=True)
class Table:
    """A table of texts; the first column names the row. `kpis`: whose values the others are, for their definitions."""

    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]
    note: str
    kpis: tuple[str, ...] = ()


def agents(published: Published) -> Table | None:
    """One row per agent with any value: team and KPIs of the last four weeks, added up."""
    since = published.until - timedelta(days=DAYS - 1)
    cells = published.rows(
        "select dimension_value as agent, kpi_id, "
        "any_value(coalesce(scale, 1)) * sum(numerator) / sum(denominator) as value "
        "from mart_kpi_timeseries join dim_kpi using (kpi_id) where dimension = 'agent' and grain = 'day' "
        "and dimension_value <> '(none)' and list_contains(?, kpi_id) and period_start between ? and ? "
        "group by all having sum(denominator) > 0",
        list(KPIS), since, published.until,
    )  # fmt: skip
    if not cells:
        return None
    values = {(row["agent"], row["kpi_id"]): row["value"] for row in cells}
    shown = tuple(kpi_id for kpi_id in KPIS if any(found == kpi_id for _, found in values))
    of = published.rows(
        "select agent, max_by(team, local_day) as team from fct_agent_day where team is not null group by 1"
    )
    teams = {row["agent"]: row["team"] for row in of}
    rows = [
        (
            agent,
            teams.get(agent, "-"),
            *(show(values.get((agent, kpi_id)), published.kpis[kpi_id]["unit"]) for kpi_id in shown),
        )
        for agent in sorted({agent for agent, _ in values})
    ]
    return Table(("agent", "team", *(published.name(kpi_id) for kpi_id in shown)), rows, published.window(), shown)


def clusters(published: Published) -> Table | None:
    """Issues of the last full week that complaints or contacts rose in most surely, with contacts to read."""
    found = published.rows(
        "select * from mart_issue_evidence where week_start = (select max(week_start) from mart_issue_evidence "
        "where week_start <= ?::date - 6) and contacts > 0 and coalesce(share_change > 0, true) "
        "order by p_value_holm nulls last, complaints desc, issue_type, product limit ?",
        published.until, CLUSTERS,
    )  # fmt: skip
    if not found:
        return None
    rows = [
        (
            " · ".join(name for name in (row["issue_type"], row["product"]) if name not in (None, "(none)")),
            f"{row['contacts']:,}",
            f"{row['complaints']:,}",
            show(row["share"], "ratio"),
            "-" if row["share_change"] is None else f"{100 * row['share_change']:+.1f} points",
            "-" if row["p_value_holm"] is None else "yes" if row["p_value_holm"] < 0.05 else "no",
            ", ".join((row["sample_contact_ids"] or "-").split(";")[:3]),
        )
        for row in found
    ]
    columns = ("issue", "contacts", "complaints", "share of contacts", "change", "beyond chance", "for example")
    return Table(columns, rows, f"week from {found[0]['week_start']:%-d %b %Y}")
