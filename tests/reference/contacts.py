"""Contacts: tickets opened by customers and inbound calls, each once, with what a phone ticket lends its call."""

from dataclasses import dataclass
from datetime import datetime

from tests.reference import mapping
from tests.reference.business_time import is_outside_hours
from tests.reference.calls import Call, calls_at
from tests.reference.customers import Customers, call_identities, customers_at, ticket_identities
from tests.reference.tickets import Ticket, tickets_at
from tests.reference.turns import Turn, turns_of
from tests.reference.world import SOURCE, World


@dataclass(frozen=True)
class Contact:
    """One contact. Exactly one of `ticket` and `call` is set; `lender` is the phone ticket of a call."""

    contact_id: str
    arrived_at: datetime
    channel: str
    brand: str | None
    team: str | None
    agent: str | None
    issue_type: str | None
    issue_category: str | None
    product: str | None
    escalation: tuple[str | None, bool] | None
    is_outside_hours: bool
    customer: str | None
    ticket: Ticket | None = None
    call: Call | None = None
    lender: Ticket | None = None

    @property
    def dimensions(self) -> dict:
        return {
            "channel": self.channel, "channel_group": mapping.GROUPS[self.channel], "brand": self.brand,
            "team": self.team, "agent": self.agent, "issue_type": self.issue_type, "product": self.product,
            "source": SOURCE, "complexity": self.ticket.complexity if self.ticket else None,
        }  # fmt: skip


@dataclass(frozen=True)
class History:
    """Everything that is known at `as_of`."""

    tickets: list[Ticket]
    calls: list[Call]
    contacts: list[Contact]
    turns: list[Turn]
    customers: Customers

    @property
    def by_id(self) -> dict[str, Contact]:
        """Contacts by their id; a linked phone ticket's id leads to its (first) call."""
        calls = [contact for contact in self.contacts if contact.call and contact.lender]
        calls.sort(key=lambda contact: (contact.arrived_at, contact.contact_id), reverse=True)
        linked = {f"{SOURCE}/tickets/{contact.lender.row['ticket_id']}": contact for contact in calls}
        return linked | {contact.contact_id: contact for contact in self.contacts}

    @property
    def ticket_contacts(self) -> list[Contact]:
        """Tickets that are contacts, merged ones left out."""
        return [contact for contact in self.contacts if contact.ticket and not contact.ticket.is_merged]


def history_at(world: World) -> History:
    tickets, calls = tickets_at(world), calls_at(world)
    customers = customers_at(world, tickets.values())
    for call in calls:
        ticket = tickets.get(call.row.get("ticket_id"))
        if ticket and _is_phone(world, ticket):
            ticket.linked_calls.append(call)
    contacts = [_ticket_contact(world, ticket, customers) for ticket in tickets.values() if is_contact(ticket)]
    contacts += [_call_contact(world, call, tickets, customers) for call in calls]
    turns = [turn for ticket in tickets.values() for turn in turns_of(world, ticket)]
    return History(list(tickets.values()), calls, contacts, turns, customers)


def is_contact(ticket: Ticket) -> bool:
    """Opened by a customer, neither spam nor deleted, and no phone ticket of a call we have."""
    return ticket.is_counted and ticket.is_customer_created and not ticket.linked_calls


def _is_phone(world: World, ticket: Ticket) -> bool:
    return mapping.ticket_channel(world, ticket.row, ticket.row["created_at"]) == "phone"


def _ticket_contact(world: World, ticket: Ticket, customers: Customers) -> Contact:
    row = ticket.row
    channel_row = mapping.ticket_channel_row(world, row, row["created_at"])
    calendar = mapping.calendar(world, channel_row["calendar_id"] if channel_row else None)
    issue_type, category, product = mapping.ticket_issue(world, row)
    return Contact(
        f"{SOURCE}/tickets/{row['ticket_id']}", row["created_at"],
        mapping.ticket_channel(world, row, row["created_at"]), row.get("brand"), row.get("team"),
        row.get("assignee_email"), issue_type, category, product, ticket.escalation,
        is_outside_hours(*calendar, row["created_at"]), customers.customer(*ticket_identities(row)), ticket=ticket,
    )  # fmt: skip


def _call_contact(world: World, call: Call, tickets: dict[str, Ticket], customers: Customers) -> Contact:
    """A linked phone ticket lends what the call has not; spam and deleted ones lend nothing."""
    row = call.row
    lender = tickets.get(row.get("ticket_id"))
    if lender is not None and not (lender.is_counted and lender.linked_calls):
        lender = None
    issue_type, category, product = mapping.call_issue(world, row)
    escalation, brand = mapping.call_escalation(world, row), None
    customer = customers.customer(*call_identities(row))
    if lender:
        lent_type, lent_category, lent_product = mapping.ticket_issue(world, lender.row)
        issue_type, category, product = issue_type or lent_type, category or lent_category, product or lent_product
        brand = lender.row.get("brand")
        escalation = mapping.both_escalations(escalation, lender.escalation)
        customer = customer or customers.customer(*ticket_identities(lender.row))
    calendar = mapping.calendar(world, mapping.call_calendar(world, row))
    return Contact(
        f"{SOURCE}/calls/{row['call_id']}", row["arrived_at"], mapping.call_channel(world, row), brand, call.team,
        row.get("agent_email"), issue_type, category, product, escalation,
        is_outside_hours(*calendar, row["arrived_at"]), customer, call=call, lender=lender,
    )  # fmt: skip
