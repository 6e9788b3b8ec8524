"""mart_issue_evidence (§10 of the catalogue): what contacts of an issue type and product a week holds, and why."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from fractions import Fraction

from tests.reference.contacts import Contact, History
from tests.reference.rows import period_start, quantile
from tests.reference.significance import fewest_expected, fisher, holm, two_proportions_z, two_sided
from tests.reference.tickets import is_reply
from tests.reference.turns import wait_seconds
from tests.reference.world import World

WEEKS_BEFORE = 4
FEWEST_EXPECTED = 5
FEWEST_CONTACTS, MOST_REPLIES, LEAST_SHARE = 20, 1, Fraction(60, 100)
SAMPLES = 3
HALF = Fraction(1, 2)


def issue_evidence(world: World, history: History) -> list[dict]:
    weeks: dict[date, dict[tuple, list[Contact]]] = defaultdict(lambda: defaultdict(list))
    for contact in history.contacts:
        week = period_start(world.local_day(contact.arrived_at), "week")
        weeks[week][contact.issue_type or "unknown", contact.product or "(none)"].append(contact)
    waits = _first_waits(history)
    rows = []
    for week in list(weeks):
        own = [_counted(weeks, week, cell) | _answered(weeks[week][cell], waits) for cell in list(weeks[week])]
        tested = [row for row in own if row["p_value"] is not None]
        corrected = holm([row["p_value"] for row in tested])
        for row, p_value in zip(tested, corrected, strict=True):
            row["p_value_holm"] = p_value
        rows += own
    return rows


def _counted(weeks: dict, week: date, cell: tuple[str, str]) -> dict:
    past = [weeks.get(week - timedelta(weeks=back), {}) for back in range(1, WEEKS_BEFORE + 1)]
    contacts, all_contacts = weeks[week][cell], sum(map(len, weeks[week].values()))
    before = sum(len(one.get(cell, [])) for one in past)
    all_before = sum(len(found) for one in past for found in one.values())
    share = Fraction(len(contacts), all_contacts)
    share_before = Fraction(before, all_before) if all_before else None
    return {
        "week_start": week, "issue_type": cell[0], "product": cell[1], "contacts": len(contacts),
        "complaints": sum(contact.issue_category == "complaint" for contact in contacts),
        "week_contacts": all_contacts, "share": share, "contacts_before": before, "all_contacts_before": all_before,
        "share_before": share_before, "share_change": share - share_before if all_before else None,
        "p_value": _p_value(len(contacts), all_contacts, before, all_before) if all_before else None,
        "p_value_holm": None,
        "sample_contact_ids": ";".join(one.contact_id for one in sorted(contacts, key=_tickets_first)[:SAMPLES]),
    }  # fmt: skip


def _p_value(*table: int) -> float:
    if fewest_expected(*table) < FEWEST_EXPECTED:
        return fisher(*table)
    hits, size, other_hits, other_size = table
    return two_sided(two_proportions_z(hits / size, size, other_hits / other_size, other_size))


def _tickets_first(contact: Contact) -> tuple[bool, str]:
    return contact.ticket is None, contact.contact_id


def _first_waits(history: History) -> dict[int, Fraction]:
    """Ticket (by identity) -> seconds of its first turn, if somebody replied."""
    return {
        id(turn.ticket): wait_seconds(turn) for turn in history.turns if turn.is_first and turn.replied_at is not None
    }


def _answered(contacts: list[Contact], waits: dict[int, Fraction]) -> dict:
    """About the tickets of the cell: how often and with what they were answered."""
    tickets = [contact.ticket for contact in contacts if contact.ticket and not contact.ticket.is_merged]
    counts = [ticket.public_replies for ticket in tickets if ticket.public_replies is not None]
    first = [waits[id(ticket)] for ticket in tickets if id(ticket) in waits]
    replied = [(ticket, [message for message in ticket.messages if is_reply(message)]) for ticket in tickets]
    replies = [message for _, messages in replied for message in messages]
    used = Counter(one for _, messages in replied for one in {message.get("resource_used") for message in messages})
    used.pop(None, None)
    top = min(used, key=lambda name: (-used[name], name), default=None)
    answered = sum(bool(messages) for _, messages in replied)
    median = quantile(map(Fraction, counts), HALF) if counts else None
    candidate = (
        len(contacts) >= FEWEST_CONTACTS and median is not None and median <= MOST_REPLIES
        and Fraction(used[top] if top else 0, len(contacts)) >= LEAST_SHARE
    )  # fmt: skip
    return {
        "median_replies": median, "median_first_response_seconds": quantile(first, HALF) if first else None,
        "replies": len(replies), "replies_with_resource": sum(bool(one.get("resource_used")) for one in replies),
        "answered_tickets": answered, "top_resource": top, "top_resource_tickets": used[top] if top else 0,
        "is_automation_candidate": candidate,
    }  # fmt: skip
