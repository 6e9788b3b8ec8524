"""Tickets as they stood at `as_of`: status, when they were solved and how often reopened, public replies, escalation.

Population rules (who is a contact) and KPIs stand elsewhere.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from tests.reference import mapping
from tests.reference.seeing import Entity, entities, happened
from tests.reference.world import World

SOLVED = ("solved", "closed")
UNCOUNTED = ("spam", "deleted")
ORDER_IN_A_SECOND = ("new", "open", "pending", "hold", "solved", "closed")


@dataclass
class Ticket:
    """`changes`: (instant, status), oldest first. `solves`: instants at which it became solved. Nulls: not happened."""

    row: dict
    status: str
    changes: list[tuple[datetime, str]]
    solves: list[datetime]
    first_solved_at: datetime | None
    solved_at: datetime | None
    closes_at: datetime | None
    reopens: int
    messages: list[dict]
    has_messages: bool
    public_replies: int | None
    escalation: tuple[str | None, bool] | None = None
    linked_calls: list = field(default_factory=list)

    @property
    def is_solved(self) -> bool:
        return self.status in SOLVED

    @property
    def is_merged(self) -> bool:
        return self.status == "merged"

    @property
    def is_counted(self) -> bool:
        """Spam and deleted tickets count nowhere."""
        return self.status not in UNCOUNTED

    @property
    def is_customer_created(self) -> bool:
        return self.row.get("created_by") != "agent"

    @property
    def complexity(self) -> str:
        """The mapped field, else by public replies: up to 1 simple, up to 3 moderate, more (or escalated) complex."""
        if self.row.get("complexity"):
            return self.row["complexity"]
        replies = self.public_replies or 0
        if replies >= 4 or self.escalation:
            return "complex"
        return "moderate" if replies >= 2 else "simple"


def tickets_at(world: World) -> dict[str, Ticket]:
    """Every ticket that exists at `as_of`, by id."""
    changes = _status_changes(world)
    messages, with_messages = messages_at(world)
    found = {}
    for entity in entities(world.rows("tickets"), ("ticket_id",), "updated_at", world.as_of):
        row = entity.row
        if row["created_at"] > world.as_of:
            continue
        ticket_id = row["ticket_id"]
        own = messages.get(ticket_id, [])
        met = [one.get("text_match") for one in (row, *own) if one.get("author_type") in (None, "customer")]
        row = row | {"patterns": [pattern for pattern in met if pattern]}
        entity = replace(entity, row=row)
        has_messages = ticket_id in with_messages
        if ticket_id in changes:
            ticket = _with_history(world, entity, changes[ticket_id], own)
        else:
            ticket = _without_history(world, entity, own)
        ticket.has_messages = has_messages
        ticket.public_replies = sum(map(is_reply, own)) if has_messages else row.get("public_replies")
        ticket.escalation = mapping.ticket_escalation(world, row)
        found[ticket_id] = ticket
    return found


def messages_at(world: World) -> tuple[dict[str, list[dict]], set[str]]:
    """Messages seen, by ticket and in order; and the tickets that have any message in the export."""
    messages: dict[str, list[dict]] = {}
    for entity in entities(world.rows("messages"), ("message_id",), "updated_at", world.as_of):
        if entity.row["sent_at"] <= world.as_of:
            messages.setdefault(entity.row["ticket_id"], []).append(entity.row)
    for rows in messages.values():
        rows.sort(key=lambda row: (row["sent_at"], row["message_id"]))
    return messages, {row["ticket_id"] for row in world.rows("messages")}


def is_reply(message: dict) -> bool:
    """A public message of a human agent: bots, rules and private notes are none."""
    return message["author_type"] == "agent" and message["is_public"] is True


def _status_changes(world: World) -> dict[str, list[tuple[datetime, str]]]:
    """Changes seen, by ticket and in order."""
    changes: dict[str, list] = {}
    key = ("ticket_id", "changed_at", "status")
    for entity in entities(world.rows("ticket_status_changes"), key, "updated_at", world.as_of):
        row = entity.row
        if row["changed_at"] <= world.as_of:
            changes.setdefault(row["ticket_id"], []).append((row["changed_at"], row["status"]))
    for own in changes.values():
        own.sort(key=lambda change: (change[0], _order_in_a_second(change[1]), change[1]))
    return changes


def _order_in_a_second(status: str) -> int:
    return ORDER_IN_A_SECOND.index(status) if status in ORDER_IN_A_SECOND else len(ORDER_IN_A_SECOND)


def _status_of_row(world: World, entity: Entity) -> str | None:
    """What the row says, unless it was written after `as_of` or a later instant explains it."""
    row = entity.row
    later = row["status"] in SOLVED and row.get("solved_at") is not None and row["solved_at"] > world.as_of
    return row["status"] if entity.is_written and not later else None


def _with_history(world: World, entity: Entity, changes: list, messages: list[dict]) -> Ticket:
    """A ticket whose status changes are exported. A newer row that says something else is one change more."""
    row, changes = entity.row, list(changes)
    said = _status_of_row(world, entity)
    last_at, last = changes[-1]
    if said is not None and said != last and row["updated_at"] >= last_at:
        solved_at = happened(row.get("solved_at"), world.as_of) if said in SOLVED else None
        changes.append((solved_at if solved_at and solved_at >= last_at else row["updated_at"], said))
    solves, reopens, before = [], 0, "new"
    for instant, status in changes:
        if status in SOLVED and before not in SOLVED:
            solves.append(instant)
        reopens += before in SOLVED and status not in SOLVED
        before = status
    if said == "merged" and before in SOLVED:
        before = said
    solved_at = solves[-1] if before in SOLVED else None
    first = solves[0] if solves else None
    return Ticket(row, before, changes, solves, first, solved_at, solved_at, reopens, messages, True, None)


def _without_history(world: World, entity: Entity, messages: list[dict]) -> Ticket:
    """A ticket without status changes: the vendor's own instants and counts."""
    row = entity.row
    status = _status_of_row(world, entity) or "new"
    vendor_solved = happened(row.get("solved_at"), world.as_of)
    solved_at = vendor_solved if status in SOLVED else None
    closes_at = (solved_at or row["updated_at"]) if status in SOLVED else None
    first = happened(row.get("first_solved_at"), world.as_of) or vendor_solved
    solves = sorted({instant for instant in (first, vendor_solved, closes_at) if instant})
    return Ticket(row, status, [], solves, first, solved_at, closes_at, row.get("reopens") or 0, messages, True, None)


def is_unsolved_at(ticket: Ticket, instant: datetime, *, inclusive: bool) -> bool:
    """Created and not solved at an instant; `inclusive` tells whether what happens at that very instant is in."""
    before = (lambda other: other <= instant) if inclusive else (lambda other: other < instant)
    if not before(ticket.row["created_at"]):
        return False
    if not ticket.changes:
        return ticket.closes_at is None or not before(ticket.closes_at)
    past = [status for at, status in ticket.changes if before(at)]
    return not past or past[-1] not in SOLVED
