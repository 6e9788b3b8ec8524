"""A month of dialled calls as call detail records, one of queue calls as a log, against the same calls as `generic`."""

from tests.vendors import asterisk_month
from tests.vendors.asterisk import cdr_csv
from tests.vendors.parity import agents_csv, as_csv, canonical, compare

#: A record knows the agent's call and the number dialled, nothing else.
CANNOT = (
    "stage_reached", "queue", "team", "queued_at", "left_queue_at", "hold_seconds", "wrap_up_seconds",
    "customer_email_key", "ticket_id", "disposition", "disposition_class", "issue_type", "issue_category",
    "is_transferred", "transferred_to_team", "transferred_to_queues", "is_escalated", "escalation_reason",
    "queues_touched", "fields",
)  # fmt: skip
#: A log knows the queue and the caller's number; whose queue it is stands in queues.csv.
NOT_LOGGED = (
    "team", "hold_seconds", "wrap_up_seconds", "customer_email_key", "ticket_id", "disposition", "disposition_class",
    "issue_type", "issue_category", "transferred_to_team", "transferred_to_queues", "is_escalated", "escalation_reason",
    "fields",
)  # fmt: skip


def test_a_month_of_dialled_calls(compiled, month, tmp_path):
    spoken = [call for call in month.streams["calls"] if call["answered_at"] and "+" in call["caller_phone"]]
    ours, numbers = [], {}
    for n, call in enumerate(spoken):
        numbers.setdefault(call["agent_email"], str(2000 + len(numbers)))
        kept = {name: call[name] for name in ("arrived_at", "answered_at", "ended_at", "caller_phone", "agent_email")}
        said = {"direction": "outbound", "outcome": "answered", "talk_seconds": call["talk_seconds"]}
        ours.append(dict.fromkeys(call, "") | kept | said | {"call_id": f"1772445600.{n}"})
    # One that nobody answered.
    ours[0] |= {"answered_at": "", "talk_seconds": "", "outcome": "failed"}
    assert len(ours) > 50
    files = {"asterisk/cdr/Master.csv": cdr_csv(ours, numbers), "asterisk/cdr/shop.csv": cdr_csv(ours[:9], numbers)}
    model, tables = "int_calls", {"agents": agents_csv("asterisk", numbers)}
    [left] = canonical(compiled, tmp_path / "g", {"generic/calls/all.csv": as_csv(ours)}, [model]).values()
    zone = {"asterisk": {"time_zone": "UTC"}}
    [right] = canonical(compiled, tmp_path / "a", files, [model], sources=zone, tables=tables).values()
    named = [row | {"contact_id": row["contact_id"].replace("/cdr/", "/calls/")} for row in right]
    compare(left, named, ("contact_id",), vendor="asterisk", cannot=CANNOT)


def test_a_month_of_queue_calls(compiled, month, tmp_path):
    calls, model = asterisk_month.knowable(month), "int_calls"
    generic = {"generic/calls/all.csv": as_csv(calls)}
    [ours] = canonical(compiled, tmp_path / "g", generic, [model]).values()
    tables = {"agents": agents_csv("asterisk", asterisk_month.names(calls))}
    country = {"asterisk": {"country": "DE"}}
    files = asterisk_month.exports(calls)
    [theirs] = canonical(compiled, tmp_path / "a", files, [model], sources=country, tables=tables).values()
    named = [row | {"contact_id": row["contact_id"].replace("/queue_log/", "/calls/")} for row in theirs]
    # An agent passes a call on, to an extension and to no team.
    compare(ours, named, ("contact_id",), vendor="asterisk", cannot=NOT_LOGGED, differs=("is_transferred",))
    passed_on = {call["call_id"] for call in calls if call["transferred_to_team"]}
    assert passed_on and passed_on == {row["call_id"] for row in theirs if row["is_transferred"]}
    assert {row["outcome"] for row in theirs} == {"answered", "failed", *asterisk_month.LEFT}
