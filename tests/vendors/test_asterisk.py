"""A month of dialled calls as call detail records, against the same calls as `generic` ones."""

from tests.vendors.asterisk import cdr_csv
from tests.vendors.parity import as_csv, canonical, compare

#: A record knows the agent's call and the number dialled, nothing else.
CANNOT = (
    "stage_reached", "queue", "team", "queued_at", "left_queue_at", "hold_seconds", "wrap_up_seconds",
    "customer_email_key", "ticket_id", "disposition", "disposition_class", "issue_type", "issue_category",
    "is_transferred", "transferred_to_team", "transferred_to_queues", "is_escalated", "escalation_reason",
    "queues_touched", "fields",
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
    agents = [
        {
            "source": "asterisk",
            "agent": extension,
            "agent_email": email,
            "team": None,
            "valid_from": None,
            "valid_to": None,
        }
        for email, extension in numbers.items()
    ]
    model, tables = "int_calls", {"agents": agents}
    [left] = canonical(compiled, tmp_path / "g", {"generic/calls/all.csv": as_csv(ours)}, [model]).values()
    zone = {"asterisk": {"time_zone": "UTC"}}
    [right] = canonical(compiled, tmp_path / "a", files, [model], sources=zone, tables=tables).values()
    named = [row | {"contact_id": row["contact_id"].replace("/cdr/", "/calls/")} for row in right]
    compare(left, named, ("contact_id",), vendor="asterisk", cannot=CANNOT)
