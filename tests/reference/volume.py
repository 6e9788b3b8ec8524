"""Contact volume (§2 of the catalogue)."""

from tests.reference.contacts import History
from tests.reference.rows import Fact, cells, count_rows, quotient_rows
from tests.reference.world import World


def volume_rows(world: World, history: History) -> list[dict]:
    facts = [Fact(contact.arrived_at, contact.dimensions) for contact in history.contacts]
    names = ("channel", "channel_group", "brand", "team", "issue_type", "hour", "weekday", "source")
    outside = [
        Fact(contact.arrived_at, contact.dimensions, int(contact.is_outside_hours)) for contact in history.contacts
    ]
    outside_cells = cells(world, outside, ("channel", "channel_group", "hour", "weekday"))
    return [
        *count_rows("contact_volume", cells(world, facts, names)),
        *quotient_rows("contact_volume_outside_hours_rate", "ratio", outside_cells),
    ]
