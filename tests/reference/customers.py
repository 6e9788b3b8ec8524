"""Who is one customer: keys of addresses and numbers that some row seen at `as_of` holds together, transitively."""

from collections.abc import Iterable

from tests.reference.calls import last_known_instant
from tests.reference.seeing import entities
from tests.reference.world import World


class Customers:
    """Sets of identities that are one person. An identity is ('email' | 'phone' | 'shop', key)."""

    def __init__(self) -> None:
        self._groups: dict[tuple, set] = {}

    def link(self, *identities: tuple) -> None:
        known = [identity for identity in identities if identity[1] is not None]
        together = set(known).union(*(self._groups.get(one, set()) for one in known))
        for one in together:
            self._groups[one] = together

    def customer(self, *identities: tuple):
        """One name per person, whichever of their identities is asked for; null when none is known."""
        for identity in identities:
            if identity[1] is not None:
                return min(self._groups.get(identity, {identity}))
        return None


def customers_at(world: World, tickets: Iterable) -> Customers:
    customers = Customers()
    for ticket in tickets:
        customers.link(*ticket_identities(ticket.row))
    for entity in entities(world.rows("calls"), ("call_id",), "updated_at", world.as_of):
        if last_known_instant(entity.row) <= world.as_of:
            customers.link(*call_identities(entity.row))
    return customers


def ticket_identities(row: dict) -> tuple[tuple, tuple]:
    return ("email", row.get("requester_email_key")), ("phone", row.get("requester_phone_key"))


def call_identities(row: dict) -> tuple[tuple, tuple]:
    return ("email", row.get("customer_email_key")), ("phone", row.get("caller_phone_key"))
