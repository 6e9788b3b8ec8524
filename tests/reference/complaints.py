"""Complaints and their escalation to management (§7 of the catalogue)."""

from tests.reference.contacts import History
from tests.reference.rows import Fact, cells, count_rows, quotient_rows
from tests.reference.world import World


def complaint_rows(world: World, history: History) -> list[dict]:
    """Counted over contacts: 0 wherever a cell has a contact but no complaint."""
    all_contacts = history.contacts
    complaints = [contact for contact in all_contacts if contact.issue_category == "complaint"]
    counted = [
        Fact(contact.arrived_at, contact.dimensions, int(contact.issue_category == "complaint"))
        for contact in all_contacts
    ]
    managed = [
        Fact(contact.arrived_at, contact.dimensions, int(bool(contact.escalation and contact.escalation[1])))
        for contact in complaints
    ]
    by_cell = cells(world, counted, ("channel", "issue_type", "product", "team"))
    return [
        *count_rows("complaint_count", by_cell),
        *quotient_rows("complaint_rate", "ratio", by_cell),
        *quotient_rows("manager_escalation_rate", "ratio", cells(world, managed, ("channel", "issue_type"))),
    ]
