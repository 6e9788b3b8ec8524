"""Tickets, status changes and messages of a generated world: a story per ticket, then exports that tell parts of it."""

from datetime import datetime
from random import Random

from tests.worlds.clock import Clock
from tests.worlds.configuring import BRANDS, TAGS, TEAMS, VIAS

AGENTS = ["ann@desk.example", "bob@desk.example", None]
#: Neither assignee nor author nor on a call.
SCHEDULED_ONLY = "cleo@desk.example"
CUSTOMERS = ["c" * 64, "d" * 64, "e" * 64, None]
PHONES = ["1" * 64, "2" * 64, None]
SOLVED = ("solved", "closed")


def key_of(email: str | None) -> str | None:
    """Stands for the keyed hash that loading makes of an address."""
    return email and f"key of {email}"


def tickets(pick: Random, clock: Clock, count: int) -> dict[str, list[dict]]:
    streams: dict[str, list[dict]] = {"tickets": [], "ticket_status_changes": [], "messages": []}
    for number in range(count):
        _ticket(pick, clock, f"T{number}", streams)
    return streams


def _ticket(pick: Random, clock: Clock, ticket_id: str, streams: dict[str, list[dict]]) -> None:
    created_at = clock.instant()
    has_history, has_messages = pick.random() < 0.65, pick.random() < 0.7
    changes = _changes(pick, clock, created_at)
    messages = _messages(pick, clock, ticket_id, created_at)
    fixed = {
        "ticket_id": ticket_id,
        "created_at": created_at,
        "created_by": pick.choice(["customer", "customer", "customer", "agent", None]),
        "requester_email_key": pick.choice(CUSTOMERS),
        "requester_phone_key": pick.choice(PHONES),
        "order_id": pick.choice([None, "O0", "O1"]),
    }
    streams["tickets"] += _versions(pick, clock, fixed, changes, messages)
    if has_history:
        streams["ticket_status_changes"] += _change_rows(pick, clock, ticket_id, changes)
    if has_messages:
        streams["messages"] += messages


def _changes(pick: Random, clock: Clock, created_at: datetime) -> list[tuple[datetime, str]]:
    """The ticket's statuses, its first among them, sometimes several in one second."""
    changes = [(created_at, pick.choice(["new", "open"]))]
    for _ in range(pick.choice([0, 1, 1, 2, 2, 3, 4])):
        status = pick.choice(["open", "pending", "hold", "solved", "solved", "solved", "closed"])
        if pick.random() < 0.06:
            status = pick.choice(["merged", "spam", "deleted"])
        moment = clock.after(changes[-1][0])
        if status != changes[-1][1] and (moment, status) not in changes:
            changes.append((moment, status))
    return changes


def _change_rows(pick: Random, clock: Clock, ticket_id: str, changes: list) -> list[dict]:
    rows = []
    for number, (moment, status) in enumerate(changes):
        if number == 0 and pick.random() < 0.5:
            continue
        updated_at = pick.choice([None, moment, clock.after(moment)])
        rows.append({
            "ticket_id": ticket_id, "changed_at": moment, "status": status,
            "actor_email_key": key_of(pick.choice([*AGENTS, SCHEDULED_ONLY])), "updated_at": updated_at,
        })  # fmt: skip
        if updated_at and pick.random() < 0.15:
            later = clock.after(updated_at)
            if later != updated_at:
                rows.append(rows[-1] | {"actor_email_key": key_of("bob@desk.example"), "updated_at": later})
    return rows


def _messages(pick: Random, clock: Clock, ticket_id: str, created_at: datetime) -> list[dict]:
    found = []
    moment = created_at
    for number in range(pick.choice([0, 1, 2, 2, 3, 4, 6])):
        author = pick.choice(["customer", "customer", "agent", "agent", "agent", "bot"])
        moment = pick.choice([clock.after(moment), clock.after(moment), moment])
        message = {
            "message_id": f"{ticket_id}-{pick.randrange(100)}-{number}", "ticket_id": ticket_id, "sent_at": moment,
            "author_type": author, "is_public": pick.random() < 0.8,
            "author_email": pick.choice(AGENTS) if author == "agent" else None, "team": pick.choice(TEAMS),
            "resource_used": pick.choice([None, None, "macro:1"]), "updated_at": pick.choice([None, moment]),
        }  # fmt: skip
        message["author_email_key"] = key_of(message["author_email"])
        found.append(message)
        if message["updated_at"] and pick.random() < 0.1:
            later = clock.after(moment)
            if later != moment:
                found.append(message | {"is_public": not message["is_public"], "updated_at": later})
        elif pick.random() < 0.05:
            found.append(message | {"sent_at": clock.after(moment)})
    return found


def _versions(pick: Random, clock: Clock, fixed: dict, changes: list, messages: list[dict]) -> list[dict]:
    """One to three versions, each as the vendor's row stood then; now and then a row that tells more than the rest."""
    moments = {pick.choice([clock.after(changes[-1][0]), pick.choice(changes)[0], clock.after(fixed["created_at"])])}
    for _ in range(pick.choice([0, 0, 1, 2])):
        moments.add(pick.choice([clock.after(max(moments)), changes[-1][0], fixed["created_at"]]))
    said = {
        "channel": pick.choice(VIAS), "subject_type": pick.choice([None, "incident"]), "priority": None,
        "brand": pick.choice(BRANDS),
        "issue_type": pick.choice([None, None, None, "late_delivery", "outage", "unknown"]),
        "issue_category": pick.choice([None, None, None, "complaint", "return_request"]),
        "product": pick.choice([None, "Lamp"]), "tags": ";".join(pick.sample(TAGS, pick.choice([0, 1, 1, 2]))) or None,
        "complexity": pick.choice([None, None, None, "complex", "simple"]),
        "escalated_at": pick.choice([None, None, None, None, clock.after(fixed["created_at"])]),
        "escalation_reason": pick.choice([None, None, None, "management", "second level"]),
    }  # fmt: skip
    if said["escalated_at"] is None and pick.random() < 0.8:
        said["escalation_reason"] = None
    rows = []
    for moment in sorted(moments):
        row = {**fixed, "updated_at": moment, **said, **_vendor_columns(pick, clock, changes, messages, moment)}
        assignee = pick.choice(AGENTS)
        row |= {"team": pick.choice(TEAMS), "assignee_email": assignee, "assignee_email_key": key_of(assignee)}
        if pick.random() < 0.06:
            row["status"] = pick.choice(["solved", "open", "merged", "spam", "deleted", "closed"])
        rows.append(row)
    return rows


def _vendor_columns(pick: Random, clock: Clock, changes: list, messages: list[dict], moment: datetime) -> dict:
    """Status and the vendor's own instants and counts as of `moment`, some of them missing."""
    past = [change for change in changes if change[0] <= moment] or changes[:1]
    solves, reopens, before = [], 0, "new"
    for at, status in past:
        if status in SOLVED and before not in SOLVED:
            solves.append(at)
        reopens += before in SOLVED and status not in SOLVED
        before = status
    replies = [
        one["sent_at"]
        for one in messages
        if one["author_type"] == "agent" and one["is_public"] and one["sent_at"] <= moment
    ]
    keep = pick.random() < 0.8
    solved_at = solves[-1] if solves and before in SOLVED and pick.random() < 0.85 else None
    if solved_at and pick.random() < 0.1:
        # A clock that runs ahead, or a row that announces.
        solved_at = clock.after(moment)
    return {
        "status": before,
        "first_replied_at": min(replies, default=None) if keep else None,
        "first_solved_at": min(solves, default=None) if pick.random() < 0.8 else None,
        "solved_at": solved_at,
        "reopens": reopens if keep else None,
        "public_replies": len(replies) if keep else None,
    }
