"""mart_agent_coaching (§10 of the catalogue): each agent's month beside the team's, and the best and weakest KPI."""

from collections import Counter, defaultdict
from datetime import date

from tests.reference.agents import agent_days
from tests.reference.contacts import History
from tests.reference.rows import period_start
from tests.reference.scorecard import higher_is_better
from tests.reference.spans import Spans
from tests.reference.workforce import AgentDays
from tests.reference.world import World

FEWEST_FACTS = 20


def agent_coaching(world: World, history: History, spans: Spans) -> list[dict]:
    teams = _teams(world, history)
    monthly = {
        (row["dimension"], row["kpi_id"], row["period_start"], row["dimension_value"]): row
        for row in spans.series
        if row["grain"] == "month" and row["dimension"] in ("agent", "team")
    }
    rows = []
    for (dimension, kpi_id, month, agent), own in monthly.items():
        asked = dimension == "agent" and agent != "(none)" and higher_is_better(kpi_id) is not None
        if not asked or own["sample_size"] < FEWEST_FACTS:
            continue
        team = teams.get((agent, month))
        others = monthly.get(("team", kpi_id, month, team))
        if others is not None:
            rows.append(_row(own, others, agent, team))
    return [row | _place(row, [one for one in rows if _same_month(one, row)]) for row in rows]


def _same_month(one: dict, other: dict) -> bool:
    return (one["agent"], one["month_start"]) == (other["agent"], other["month_start"])


def _place(row: dict, of_agent: list[dict]) -> dict:
    """The one KPI in which the agent leads most, and trails most; of equal ones the first by name."""
    known = [one for one in of_agent if one["advantage"]]
    best = min(known, key=lambda one: (-one["advantage"], one["kpi_id"]), default=None)
    weakest = min(known, key=lambda one: (one["advantage"], one["kpi_id"]), default=None)
    return {
        "is_best": row is best and best["advantage"] > 0,
        "is_weakest": row is weakest and weakest["advantage"] < 0,
    }


def _teams(world: World, history: History) -> dict[tuple[str, date], str]:
    """(agent, month) -> the team of most of the agent's days, else contacts; of two as many, the first by name."""
    of_days, of_contacts = defaultdict(Counter), defaultdict(Counter)
    plan = AgentDays(world)
    for agent, day in agent_days(world, history, plan):
        if team := plan.team(agent, day):
            of_days[agent, period_start(day, "month")][team] += 1
    for contact in history.contacts:
        if contact.agent and contact.team:
            of_contacts[contact.agent, period_start(world.local_day(contact.arrived_at), "month")][contact.team] += 1
    counts = of_contacts | of_days
    return {key: min(found, key=lambda team: (-found[team], team)) for key, found in counts.items()}


def _row(own: dict, others: dict, agent: str, team: str) -> dict:
    difference = own["value"] - others["value"]
    better = difference if higher_is_better(own["kpi_id"]) else -difference
    return {
        "month_start": own["period_start"], "agent": agent, "team": team, "kpi_id": own["kpi_id"],
        "unit": own["unit"], "value": own["value"], "sample_size": own["sample_size"],
        "team_value": others["value"], "team_sample_size": others["sample_size"], "difference": difference,
        "advantage": better / abs(others["value"]) if others["value"] else None,
    }  # fmt: skip
