"""A month told by Freshdesk and by the generic streams gives the same tickets, messages, turns, solves and ratings."""

import pytest

from tests.vendors.freshdesk_month import ZONE, Freshdesk, knowable, with_last_resolves, without_second_resolves
from tests.vendors.parity import canonical, compare

TICKET, RATING = ("contact_id",), ("response_id", "question_id")
KEYS = {
    "int_tickets": TICKET,
    "int_turns": (*TICKET, "turn_no"),
    "int_ticket_solutions": TICKET,
    "int_ticket_transitions": (*TICKET, "changed_at"),
}
#: Freshdesk has neither types and products of this kind nor orders, and what it calls escalated is late.
NO_TICKET_COLUMNS = ("issue_type", "issue_category", "product", "order_id", "escalated_at", "escalation_reason")


@pytest.fixture(scope="module")
def known(month):
    return knowable(month)


def test_pages_of_the_api(compiled, known, tmp_path):
    told = without_second_resolves(known)
    models = [*KEYS, "int_messages", "int_survey_responses"]
    ours = canonical(compiled, tmp_path / "ours", told.files("tickets", "messages", "survey_responses"), models)
    theirs = canonical(compiled, tmp_path / "theirs", Freshdesk(known).api(), models)
    # A record names its product by an id.
    carried = {"int_tickets": {"cannot": (*NO_TICKET_COLUMNS, "vendor_public_replies"), "differs": ("brand",)}}
    for model, key in KEYS.items():
        compare(ours[model], theirs[model], key, vendor="freshdesk", **carried.get(model, {}))
    # A conversation is of a ticket, not of a team. It is numbered by its id, the other by its text.
    no_columns = ("team", "resource_used")
    compare(ours["int_messages"], theirs["int_messages"], ("message_id",), vendor="freshdesk", cannot=no_columns,
            differs=("message_no",))  # fmt: skip
    # Whom a survey was offered to is not exported.
    offers = ("offered_at", "offered_on")
    compare(ours["int_survey_responses"], theirs["int_survey_responses"], RATING, vendor="freshdesk", cannot=offers)


def test_the_csv_export(compiled, known, tmp_path):
    told = with_last_resolves(known)
    zone = {"freshdesk": {"time_zone": ZONE}}
    ours = canonical(compiled, tmp_path / "ours", told.files("tickets"), KEYS)
    theirs = canonical(compiled, tmp_path / "theirs", Freshdesk(told).csv(), KEYS, sources=zone)
    carried = {"int_tickets": {"cannot": NO_TICKET_COLUMNS}}
    for model, key in KEYS.items():
        compare(ours[model], theirs[model], key, vendor="freshdesk", **carried.get(model, {}))


def test_both_exports_of_the_same_tickets_are_the_records(compiled, known, tmp_path):
    account, models = Freshdesk(with_last_resolves(known)), ["int_tickets"]
    zone = {"freshdesk": {"time_zone": ZONE}}
    alone = canonical(compiled, tmp_path / "alone", account.api(), models)["int_tickets"]
    both = canonical(compiled, tmp_path / "both", {**account.csv(), **account.api()}, models, sources=zone)[
        "int_tickets"
    ]
    compare(alone, both, TICKET, vendor="freshdesk")
