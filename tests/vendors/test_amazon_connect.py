"""A month of agents' states as Connect's event stream tells it, one of calls as its contact records, against the same
month as `generic` rows."""

from tests.vendors.amazon_connect import as_lines, events_of, without_gaps
from tests.vendors.amazon_connect_month import REASONS, exports, knowable, names
from tests.vendors.parity import agents_csv, as_csv, canonical, compare

#: A record names the caller by a number alone; what it was about stands in attributes that a configuration names.
NOT_RECORDED = (
    "team", "customer_email_key", "disposition", "disposition_class", "issue_type", "issue_category",
    "transferred_to_team", "is_escalated", "escalation_reason",
)  # fmt: skip
#: A call is passed to a queue, and every queue is told; to a number outside, it is passed on without an answer.
QUEUES = ("transferred_to_queues", "queues_touched", "is_transferred")


def test_a_month_of_agents(compiled, month, tmp_path):
    ours = without_gaps(month.streams["status_intervals"])
    assert len(ours) > 500 and len({row["status_class"] for row in ours}) == 6
    events = events_of(ours)
    # Delivered at least once, in parts and in any order.
    half = len(events) // 2
    files = {
        "amazon_connect/agent_events/1": as_lines(*events[half - 50 :]),
        "amazon_connect/agent_events/2": as_lines(*reversed(events[:half])),
    }
    model, key = "int_status_intervals", ("agent", "starts_at")
    generic = {"generic/status_intervals/all.csv": as_csv(ours)}
    [left] = canonical(compiled, tmp_path / "generic", generic, [model]).values()
    sources = {"amazon_connect": {"productive_statuses": ["Training"]}}
    [right] = canonical(compiled, tmp_path / "connect", files, [model], sources=sources).values()
    logouts = {(row["agent_email"], row["ends_at"]) for row in {row["agent_email"]: row for row in ours}.values()}
    told = [row for row in right if (row["agent"], f"{row['starts_at']:%Y-%m-%dT%H:%M:%SZ}") not in logouts]
    assert len(right) - len(told) == len({agent for agent, end in logouts if end})
    # What a status is called is the vendor's own word.
    compare(left, told, key, vendor="amazon_connect", differs=("status",))


def test_a_month_of_calls(compiled, month, tmp_path):
    calls, model = knowable(month), "int_calls"
    generic = {"generic/calls/all.csv": as_csv(calls)}
    [ours] = canonical(compiled, tmp_path / "generic", generic, [model]).values()
    tables = {"agents": agents_csv("amazon_connect", names(calls))}
    [theirs] = canonical(compiled, tmp_path / "connect", exports(month), [model], tables=tables).values()
    named = [row | {"contact_id": row["contact_id"].replace("/contact_records/", "/calls/")} for row in theirs]
    compare(ours, named, ("contact_id",), vendor="amazon_connect", cannot=NOT_RECORDED, differs=QUEUES)
    assert {row["outcome"] for row in theirs} == {*REASONS}
    told = {call["call_id"]: call for call in calls}
    for row in theirs:
        call = told[row["call_id"]]
        assert row["transferred_to_queues"] == (call["transferred_to_team"] or None)
        assert row["queues_touched"] == (";".join(filter(None, (call["transferred_to_team"], call["queue"]))) or None)
        assert row["is_transferred"] == (row["outcome"] == "overflow")
