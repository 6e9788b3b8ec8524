"""A month of tickets told by Intercom and in the generic columns."""

import pytest

from tests.vendors.intercom import agents, exports, told
from tests.vendors.parity import canonical, compare

NO_TICKET_CELLS = (
    "recipient",
    "subject_type",
    "brand",
    "requester_phone_key",
    "is_test",
    "fields",
    "text_match",
    "issue_type",
    "issue_category",
    "product",
    "complexity",
    "order_id",
    "escalated_at",
    "escalation_reason",
    "vendor_public_replies",
)
#: Whom the team writes to first, Intercom does not name; a solve that is over it does not tell.
TICKETS_DIFFER = ("requester_email_key", "vendor_solved_at")
NO_MESSAGE_CELLS = ("team", "resource_used", "text_match")
NO_RATING_CELLS = ("question", "team", "channel", "brand", "issue_type")


@pytest.fixture(scope="module")
def month_of_conversations(month):
    return told(month)


@pytest.fixture
def both(compiled, month_of_conversations, tmp_path):
    """both(streams, models, with_parts=…) → the models' rows of the generic export, and of Intercom's."""

    def load(streams: list[str], models: list[str], *, with_parts: bool):
        tables = {"agents": agents(month_of_conversations)}
        ours = canonical(compiled, tmp_path / "ours", month_of_conversations.files(*streams), models)
        files = exports(month_of_conversations, with_parts=with_parts)
        theirs = canonical(compiled, tmp_path / "theirs", files, models, tables=tables)
        # Contacts are named by their stream, which is Intercom's alone.
        for row in (row for rows in ours.values() for row in rows if row.get("contact_id")):
            row["contact_id"] = row["contact_id"].replace("/tickets/", "/conversations/")
        return ours, theirs

    return load


def test_conversations_read_with_their_parts(both):
    streams = ["tickets", "messages", "ticket_status_changes", "survey_responses"]
    models = [
        "int_tickets",
        "int_messages",
        "int_ticket_status_changes",
        "int_ticket_solutions",
        "int_survey_responses",
    ]
    ours, theirs = both(streams, models, with_parts=True)

    def same(model: str, key: tuple[str, ...], **left_out) -> None:
        compare(ours[model], theirs[model], key, vendor="intercom", **left_out)

    same("int_tickets", ("contact_id",), cannot=NO_TICKET_CELLS, differs=TICKETS_DIFFER)
    # Parts go by their ids, generic messages by theirs.
    same("int_messages", ("message_id",), cannot=NO_MESSAGE_CELLS, differs=["message_no"])
    same("int_ticket_status_changes", ("ticket_id", "changed_at", "status"))
    same("int_ticket_solutions", ("contact_id",))
    same("int_survey_responses", ("response_id",), cannot=NO_RATING_CELLS)
    known = {row["contact_id"]: row for row in theirs["int_tickets"]}
    for row in ours["int_tickets"]:
        found = known[row["contact_id"].replace("generic", "intercom")]
        assert found["requester_email_key"] == row["requester_email_key"] or row["is_agent_created"]
        assert found["vendor_solved_at"] == (row["vendor_solved_at"] if row["status"] == "closed" else None)


def test_conversations_listed_without_parts_have_the_vendors_own_instants(both):
    models = ["int_tickets", "int_ticket_solutions", "int_turns"]
    ours, theirs = both(["tickets"], models, with_parts=False)
    compare(
        ours["int_tickets"], theirs["int_tickets"], ("contact_id",),
        vendor="intercom", cannot=NO_TICKET_CELLS, differs=TICKETS_DIFFER,
    )  # fmt: skip
    compare(ours["int_ticket_solutions"], theirs["int_ticket_solutions"], ("contact_id",), vendor="intercom")
    compare(ours["int_turns"], theirs["int_turns"], ("contact_id", "turn_no"), vendor="intercom")
    assert all(row["is_vendor_metric"] for row in theirs["int_turns"])
