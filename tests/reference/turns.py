"""Response turns: what a customer waited for, when a human agent replied in public, and how that counts.

One turn per wait. Merged, spam and deleted tickets have none.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from tests.reference import mapping
from tests.reference.business_time import business_seconds
from tests.reference.seeing import happened
from tests.reference.tickets import Ticket, is_reply
from tests.reference.world import World


@dataclass(frozen=True)
class Turn:
    """`replied_at` and `agent` null while nobody replied (an agent may stay unknown); `target` null: no due time."""

    ticket: Ticket
    requested_at: datetime
    replied_at: datetime | None
    agent: str | None
    is_first: bool
    channel: str
    target: int | None
    calendar_id: str | None


def turns_of(world: World, ticket: Ticket) -> list[Turn]:
    if not ticket.is_counted or ticket.is_merged:
        return []
    has_first = ticket.is_customer_created and not ticket.linked_calls
    if ticket.has_messages:
        waits = _waits_in_messages(ticket, has_first)
    elif has_first:
        waits = [(ticket.row["created_at"], happened(ticket.row.get("first_replied_at"), world.as_of), None, True)]
    else:
        waits = []
    return [_turn(world, ticket, *wait) for wait in waits]


def _waits_in_messages(ticket: Ticket, has_first: bool) -> list[tuple]:
    """A wait opens with the first customer message after the last reply, the first one with the ticket itself."""
    waits = []
    opened = ticket.row["created_at"] if has_first else None
    is_first = has_first
    for message in ticket.messages:
        if is_reply(message):
            if opened is not None:
                waits.append((opened, message["sent_at"], message.get("author_email"), is_first))
                opened, is_first = None, False
        elif message["author_type"] == "customer" and opened is None:
            opened = message["sent_at"]
    if opened is not None:
        waits.append((opened, None, None, is_first))
    return waits


def _turn(world: World, ticket: Ticket, requested_at, replied_at, agent, is_first) -> Turn:
    """The channel row in force at the turn's start gives channel, target and calendar."""
    row = mapping.ticket_channel_row(world, ticket.row, requested_at)
    return Turn(
        ticket, requested_at, replied_at, agent, is_first,
        mapping.ticket_channel(world, ticket.row, requested_at),
        row["response_target_seconds"] if row else None,
        row["calendar_id"] if row else None,
    )  # fmt: skip


def wait_seconds(turn: Turn) -> Fraction:
    return seconds_between(turn.requested_at, turn.replied_at)


def wait_business_seconds(world: World, turn: Turn) -> Fraction:
    return business_seconds(*mapping.calendar(world, turn.calendar_id), turn.requested_at, turn.replied_at)


def seconds_between(start: datetime, end: datetime) -> Fraction:
    return Fraction((end - start) // timedelta(microseconds=1), 1_000_000)


def outcome(world: World, turn: Turn, target: int | None) -> str | None:
    """A reply outranks all; else a solve between start and due time; else overdue once the due time is past."""
    if target is None:
        return None
    due_at = turn.requested_at + timedelta(seconds=target)
    if turn.replied_at is not None:
        return "answered_on_time" if turn.replied_at <= due_at else "answered_late"
    if any(turn.requested_at <= solve <= due_at for solve in turn.ticket.solves):
        return "no_reply_needed"
    return "overdue" if due_at < world.as_of else "pending"
