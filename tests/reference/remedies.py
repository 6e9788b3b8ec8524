"""Time to remedy (§4) and the first message of a bot (§3 of the catalogue)."""

from tests.reference.contacts import Contact, History
from tests.reference.rows import Fact, cells, quotient_rows, seconds_kpi_rows
from tests.reference.seeing import entities
from tests.reference.turns import seconds_between
from tests.reference.world import World


def remedy_rows(world: World, history: History) -> list[dict]:
    """From a ticket's creation to what made it good; a remedy before its ticket is no fact."""
    facts = []
    for entity in entities(world.rows("remedies"), ("remedy_id",), "updated_at", world.as_of):
        row = entity.row
        contact = _ticket_of(row, history.ticket_contacts)
        if contact and contact.arrived_at <= row["delivered_at"] <= world.as_of:
            named = contact.dimensions | {"remedy_type": row["remedy_type"]}
            facts.append(Fact(row["delivered_at"], named, seconds_between(contact.arrived_at, row["delivered_at"])))
    by_cell = cells(world, facts, ("remedy_type", "issue_type", "channel"))
    return seconds_kpi_rows("time_to_remedy", by_cell, ("mean", "median"))


def _ticket_of(remedy: dict, contacts: list[Contact]) -> Contact | None:
    """Its own ticket, else the earliest of its order created before it; tickets that do not count are passed over."""
    own = [contact for contact in contacts if contact.ticket.row["ticket_id"] == remedy.get("ticket_id")]
    if own or remedy.get("order_id") is None:
        return own[0] if own else None
    of_order = [
        contact
        for contact in contacts
        if contact.ticket.row.get("order_id") == remedy["order_id"] and contact.arrived_at <= remedy["delivered_at"]
    ]
    return min(of_order, key=lambda contact: (contact.arrived_at, contact.contact_id), default=None)


def bot_rows(world: World, history: History) -> list[dict]:
    """Created to the first public message of a bot, of tickets that have one."""
    facts = []
    for contact in history.ticket_contacts:
        sent = [row["sent_at"] for row in contact.ticket.messages if row["author_type"] == "bot" and row["is_public"]]
        if sent:
            wait = seconds_between(contact.arrived_at, min(sent))
            facts.append(Fact(contact.arrived_at, contact.dimensions, wait))
    return quotient_rows("bot_first_response_time_mean", "seconds", cells(world, facts, ("channel",)))
