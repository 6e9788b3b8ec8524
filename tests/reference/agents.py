"""Agents (§8 of the catalogue): facts are agent-days, and the sample is their number."""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction

from tests.reference import mapping
from tests.reference.contacts import History
from tests.reference.rows import Fact, cells, quotient_rows
from tests.reference.rows import row as make_row
from tests.reference.seeing import entities
from tests.reference.tickets import SOLVED, is_reply
from tests.reference.workforce import AgentDays, length, overlap
from tests.reference.world import SOURCE, World

#: Streams of agents alone: whoever stands there is one.
AGENT_STREAMS = ("calls", "schedule_intervals", "status_intervals")
BUSY = ("on_contact", "after_contact")
MEETS = {"productive": ("available", *BUSY, "productive_other"), "non_productive": ("non_productive",)}


def agent_rows(world: World, history: History) -> list[dict]:
    days = AgentDays(world)
    return [
        *_handled(world, history, days),
        *_occupancy(world, days),
        *_adherence(world, days),
        *_resources(world, history, days),
    ]


def _fact(world: World, days: AgentDays, agent: str, day: date, above, below=1) -> Fact:
    noon = datetime.combine(day, time(12), tzinfo=world.zone).astimezone(UTC)
    return Fact(noon, {"agent": agent, "team": days.team(agent, day)}, above, below)


def _seconds(duration: timedelta) -> Fraction:
    return Fraction(duration // timedelta(microseconds=1), 1_000_000)


def _of(pieces: list[tuple], classes) -> list[tuple]:
    return [piece for piece in pieces if piece[2] in classes]


def _handled(world: World, history: History, days: AgentDays) -> list[dict]:
    """Distinct contacts replied to, solved or answered ÷ agent-days present."""
    handled: dict[tuple, set] = defaultdict(set)
    for contact_id, agent, instant in _handlings(world, history):
        handled[agent, world.local_day(instant)].add(contact_id)
    facts = []
    for agent, day in set(handled) | set(days):
        one = days.get((agent, day))
        if (one is None or not one.is_absent) and ((agent, day) in handled or (one and one.was_seen)):
            facts.append(_fact(world, days, agent, day, len(handled.get((agent, day), ()))))
    by_cell = cells(world, facts, ("agent", "team"))
    return quotient_rows("contacts_handled_per_agent_day", "count", by_cell)


def agent_days(world: World, history: History, plan: AgentDays) -> set[tuple[str, date]]:
    """Agent and local day, up to today, of all that names an agent: plan, status, reply, solve, answered call."""
    found = set(plan) | {(agent, world.local_day(at)) for _, agent, at in _handlings(world, history)}
    for ticket in history.tickets:
        if ticket.is_counted and not ticket.is_merged:
            replies = [one for one in filter(is_reply, ticket.messages) if one.get("author_email")]
            found |= {(one["author_email"], world.local_day(one["sent_at"])) for one in replies}
    return {(agent, day) for agent, day in found if day <= world.local_day(world.as_of)}


def _handlings(world: World, history: History):
    """(contact, agent, instant) of every reply, solve and answered call that an agent is known for."""
    solvers = _solvers(world)
    contacts = history.by_id
    for ticket in history.tickets:
        contact = contacts.get(f"{SOURCE}/tickets/{ticket.row['ticket_id']}")
        if contact is None or ticket.is_merged or not ticket.is_counted:
            continue
        for message in filter(is_reply, ticket.messages):
            if message.get("author_email"):
                yield contact.contact_id, message["author_email"], message["sent_at"]
        for instant in ticket.solves:
            status = next((status for at, status in ticket.changes if at == instant and status in SOLVED), None)
            if solver := solvers.get((ticket.row["ticket_id"], instant, status)):
                yield contact.contact_id, solver, instant
    for contact in history.contacts:
        if contact.call and contact.call.is_answered and contact.agent:
            yield contact.contact_id, contact.agent, contact.call.row.get("answered_at") or contact.arrived_at


def _solvers(world: World) -> dict[tuple, str]:
    """(ticket, instant, status) -> the agent who made the change, known by the key of their address."""
    known = {}
    named = (("tickets", "assignee"), ("messages", "author"), *((stream, "agent") for stream in AGENT_STREAMS))
    for stream, column in ((stream, f"{who}_email") for stream, who in named):
        known |= {row[f"{column}_key"]: row[column] for row in world.rows(stream) if row.get(f"{column}_key")}
    key = ("ticket_id", "changed_at", "status")
    rows = [entity.row for entity in entities(world.rows("ticket_status_changes"), key, "updated_at", world.as_of)]
    return {
        (row["ticket_id"], row["changed_at"], row["status"]): known[row["actor_email_key"]]
        for row in rows
        if row["changed_at"] <= world.as_of and row.get("actor_email_key") in known
    }


def _occupancy(world: World, days: AgentDays) -> list[dict]:
    facts = []
    for (agent, day), one in days.items():
        busy, ready = length(_of(one.statuses, BUSY)), length(_of(one.statuses, (*BUSY, "available")))
        if ready and not one.is_absent:
            facts.append(_fact(world, days, agent, day, _seconds(busy), _seconds(ready)))
    return quotient_rows("occupancy", "ratio", cells(world, facts, ("agent", "team")))


def _adherence(world: World, days: AgentDays) -> list[dict]:
    """A no-show stays in with nothing kept; time outside the schedule is ignored."""
    facts = []
    for (agent, day), one in days.items():
        due = [(start, min(end, world.as_of), kind) for start, end, kind in one.scheduled if start < world.as_of]
        scheduled = _of(due, MEETS)
        if not scheduled or one.is_absent:
            continue
        kept = sum((overlap(_of(due, (kind,)), _of(one.statuses, met)) for kind, met in MEETS.items()), timedelta())
        facts.append(_fact(world, days, agent, day, _seconds(kept), _seconds(length(scheduled))))
    return quotient_rows("schedule_adherence", "ratio", cells(world, facts, ("agent", "team")))


def _resources(world: World, history: History, days: AgentDays) -> list[dict]:
    """Public replies made with a resource ÷ public replies; two in a row are two. The sample is agent-days."""
    facts = []
    messages = [message for ticket in history.tickets for message in ticket.messages]
    if not any(message.get("resource_used") for message in messages):
        return []
    for ticket in history.tickets:
        if not ticket.is_counted or ticket.is_merged or not ticket.is_customer_created:
            continue
        issue_type = mapping.ticket_issue(world, ticket.row)[0]
        for message in filter(is_reply, ticket.messages):
            agent = message.get("author_email")
            day = world.local_day(message["sent_at"])
            fact = Fact(message["sent_at"], {}, int(bool(message.get("resource_used"))))
            team = days.team(agent, day) if agent else None
            named = {"agent": agent, "team": team, "issue_type": issue_type, "agent_day": (agent, day)}
            facts.append(replace(fact, dimensions=named))
    found = []
    for cell, own in cells(world, facts, ("agent", "team", "issue_type")).items():
        above, agent_days = sum(fact.numerator for fact in own), {fact.dimensions["agent_day"] for fact in own}
        found.append(
            make_row("resource_use_rate", cell, "ratio", above, len(own), Fraction(above, len(own)), len(agent_days))
        )
    return found
