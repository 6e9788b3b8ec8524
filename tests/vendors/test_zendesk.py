"""A month told by Zendesk Support and by the generic streams gives the same tickets, messages, solves and ratings."""

import pytest

from tests.vendors.parity import canonical, compare
from tests.vendors.zendesk_account import COMPLEXITY, Zendesk
from tests.vendors.zendesk_month import HOLIDAY, OPENINGS, knowable

TICKET = ("contact_id",)
OF_TICKETS = {
    "int_tickets": TICKET,
    "int_turns": (*TICKET, "turn_no"),
    "int_ticket_solutions": TICKET,
    "int_ticket_transitions": (*TICKET, "changed_at"),
    "int_person_links": ("email_key", "phone_key"),
}
OF_EVENTS = {
    "int_ticket_status_changes": ("ticket_id", "change_no"),
    "int_messages": ("message_id",),
    "int_survey_responses": ("response_id", "question_id"),
    # Opening hours have no generic stream: they stand in calendars.csv and holidays.csv.
    "int_calendar_intervals": ("calendar_id", "starts_at"),
}
#: What a ticket is about, its order and its escalation are tags, fields and groups that a configuration names.
NO_TICKET_COLUMNS = ("issue_type", "issue_category", "product", "order_id", "escalated_at", "escalation_reason")
#: The complexity stands in a field; business minutes are the vendor's own.
TICKETS_DIFFER = ("fields", "vendor_reply_business_seconds", "vendor_solved_business_seconds")
LEFT_OUT = {
    "int_tickets": {"cannot": NO_TICKET_COLUMNS, "differs": TICKETS_DIFFER},
    # A comment is of a ticket, not of a team. It is numbered by its id in twenty digits.
    "int_messages": {"cannot": ("team", "resource_used"), "differs": ("message_no",)},
    # A rating has neither a question nor what its ticket has.
    "int_survey_responses": {"cannot": ("question", "channel", "brand", "issue_type")},
}
SOURCES = {"zendesk": {"complexity_field": COMPLEXITY}}


@pytest.fixture(scope="module")
def known(month):
    return knowable(month)


def same(ours, theirs, keys) -> None:
    for model, key in keys.items():
        compare(ours[model], theirs[model], key, vendor="zendesk", **LEFT_OUT.get(model, {}))
    for row in theirs["int_tickets"]:
        told = {"fields": row["complexity"] and f'{{"{COMPLEXITY}":"{row["complexity"]}"}}'}
        told |= {"vendor_solved_business_seconds": _seconds(row, "vendor_solved_at")}
        told |= {"vendor_reply_business_seconds": _seconds(row, "vendor_first_replied_at")}
        assert told == {name: row[name] for name in told}


def _seconds(row, name):
    """Whole minutes since the ticket's beginning, in seconds."""
    return row[name] and (row[name] - row["created_at"]).total_seconds() // 60 * 60


def test_pages_of_the_api(compiled, known, tmp_path):
    models = OF_TICKETS | OF_EVENTS
    streams = ("tickets", "messages", "ticket_status_changes", "survey_responses")
    tables = {"calendars": OPENINGS, "holidays": [HOLIDAY]}
    ours = canonical(compiled, tmp_path / "ours", known.files(*streams), models, tables=tables)
    theirs = canonical(compiled, tmp_path / "theirs", Zendesk(known).api(), models, sources=SOURCES)
    same(ours, theirs, models)
    assert {"merged", "deleted"} <= {row["status"] for row in theirs["int_tickets"]}


def test_the_account_dump_with_metrics_beside_it(compiled, known, tmp_path):
    ours = canonical(compiled, tmp_path / "ours", known.files("tickets"), OF_TICKETS)
    theirs = canonical(compiled, tmp_path / "theirs", Zendesk(known).dump(), OF_TICKETS, sources=SOURCES)
    same(ours, theirs, OF_TICKETS)
    assert all(row["is_vendor_metric"] for row in theirs["int_turns"])
