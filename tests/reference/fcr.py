"""First contact resolution and escalations (§6 of the catalogue)."""

from datetime import timedelta

from tests.reference.contacts import Contact, History
from tests.reference.rows import Fact, cells, quotient_rows
from tests.reference.world import World


def fcr_rows(world: World, history: History) -> list[dict]:
    return [*_first_contacts(world, history.contacts), *_escalations(world, history.contacts)]


def window(world: World, contact: Contact) -> timedelta:
    """W: days of the contact's issue type in configuration, else the default; a day is 86 400 s."""
    days = [
        row["fcr_window_days"] for row in world.table("issue_types") if row["issue_type"] == contact.issue_type
    ] if contact.issue_type else []  # fmt: skip
    return timedelta(days=next(filter(None, days), world.settings["fcr_window_days"]))


def same_issue(one: Contact, other: Contact) -> bool:
    """`unknown` matches any type, both ways."""
    types = {contact.issue_type or "unknown" for contact in (one, other)}
    return len(types) == 1 or "unknown" in types


def takes_part(contact: Contact) -> bool:
    """Neither merged, nor a closed call, nor of an unknown customer."""
    if (contact.ticket and contact.ticket.is_merged) or (contact.call and not contact.call.is_offered):
        return False
    return contact.customer is not None


def is_first(world: World, contact: Contact, others: list[Contact]) -> bool:
    """No earlier contact in [t - W, t)."""
    since = contact.arrived_at - window(world, contact)
    return not any(since <= other.arrived_at < contact.arrived_at for other in others)


def is_mature(world: World, contact: Contact) -> bool:
    return world.as_of - contact.arrived_at >= window(world, contact)


def is_resolved(world: World, contact: Contact, others: list[Contact]) -> bool:
    """Answered and solved by itself, and no further contact in (t, t + W]."""
    until = contact.arrived_at + window(world, contact)
    if any(contact.arrived_at < other.arrived_at <= until for other in others):
        return False
    if contact.ticket:
        ticket = contact.ticket
        return ticket.is_solved and ticket.public_replies == 1 and not ticket.reopens and not contact.escalation
    return _is_call_resolved(contact)


def _is_call_resolved(contact: Contact) -> bool:
    """Answered, kept in the team, not escalated, nothing left open; a linked phone ticket must be solved for good."""
    row, lender = contact.call.row, contact.lender
    transferred = row.get("transferred_to_team") is not None and row["transferred_to_team"] != contact.team
    if not contact.call.is_answered or transferred or contact.escalation:
        return False
    if row.get("disposition_class") in ("unresolved", "follow_up"):
        return False
    return lender is None or (lender.is_solved and not lender.reopens)


def _first_contacts(world: World, contacts: list[Contact]) -> list[dict]:
    asked = [contact for contact in contacts if takes_part(contact)]
    facts = []
    for contact in asked:
        others = [
            other
            for other in asked
            if other is not contact and other.customer == contact.customer and same_issue(contact, other)
        ]
        if is_first(world, contact, others) and is_mature(world, contact):
            resolved = int(is_resolved(world, contact, others))
            facts.append(Fact(contact.arrived_at, contact.dimensions, resolved))
    names = ("channel", "channel_group", "issue_type", "team", "agent")
    return quotient_rows("first_contact_resolution_rate", "ratio", cells(world, facts, names))


def _escalations(world: World, contacts: list[Contact]) -> list[dict]:
    """Escalated ÷ contacts; by reason ÷ all contacts of the period, and no row without a reason."""
    facts = [Fact(contact.arrived_at, contact.dimensions, int(bool(contact.escalation))) for contact in contacts]
    found = cells(world, facts, ("channel", "issue_type", "team"))
    reasons = {contact.escalation[0] for contact in contacts if contact.escalation} - {None}
    for reason in reasons:
        of_reason = [
            Fact(contact.arrived_at, {}, int(bool(contact.escalation) and contact.escalation[0] == reason))
            for contact in contacts
        ]
        for (grain, start, _, _), own in cells(world, of_reason, ()).items():
            if any(fact.numerator for fact in own):
                found[grain, start, "escalation_reason", reason] = own
    return quotient_rows("escalation_rate", "ratio", found)
