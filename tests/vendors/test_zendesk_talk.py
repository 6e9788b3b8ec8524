"""A month of calls told by Zendesk Talk and in the generic columns."""

from tests.vendors.parity import Month, canonical, compare
from tests.vendors.zendesk_talk import exports, varied

#: Talk has no disposition and names no team that a call was passed to.
CANNOT = (
    "disposition",
    "disposition_class",
    "issue_type",
    "issue_category",
    "transferred_to_team",
    "transferred_to_queues",
    "is_escalated",
    "escalation_reason",
    "fields",
)
#: A group is queue and team at once; a ticket is one of `zendesk`; an agent passes a call on, not to a named team.
DIFFERS = ("team", "ticket_id", "is_transferred")


def test_a_month_of_calls_is_the_same_told_by_talk(compiled, month, tmp_path):
    calls = varied(month.streams["calls"])
    generic = Month({"calls": calls}).files("calls")
    ours = canonical(compiled, tmp_path / "ours", generic, ["int_calls"])["int_calls"]
    theirs = canonical(compiled, tmp_path / "theirs", exports(calls), ["int_calls"])["int_calls"]
    compare(ours, theirs, ("contact_id",), vendor="zendesk_talk", cannot=CANNOT, differs=DIFFERS)
    assert {row["outcome"] for row in theirs} == {"answered", "abandoned", "voicemail", "closed"}
    told = {row["contact_id"].replace("generic", "zendesk_talk"): row for row in ours}
    for row in theirs:
        same = told[row["contact_id"]]
        assert row["team"] == same["queue"]
        assert row["ticket_id"] == (f"zendesk/tickets/{same['ticket_id']}" if same["ticket_id"] else None)
        assert row["is_transferred"] == (same["transferred_to_team"] is not None)
    assert any(row["is_transferred"] for row in theirs)
