"""Agent events and contact records of Amazon Connect: objects one after the other, with or without line ends."""

from __future__ import annotations

import json
from itertools import pairwise

from tests.vendors.cases import Case

Event = dict[str, object]


def event(
    number: str,
    at: str,
    agent: str = "ana",
    *,
    kind: str = "STATE_CHANGE",
    status: str = "Available",
    since: str | None = None,
    contacts: tuple[tuple[str, str], ...] = (),
    **more: object,
) -> Event:
    """One event; `contacts`: (state, since when) of each contact of the agent."""
    listed = [{"ContactId": f"c{n}", "Channel": "VOICE", "State": state, "StateStartTimestamp": start}
              for n, (state, start) in enumerate(contacts)]  # fmt: skip
    snapshot = {
        "AgentStatus": {"Name": status, "StartTimestamp": since or at, "ARN": "arn:s"},
        "Configuration": {"Username": agent, "FirstName": "Ana"},
        "Contacts": listed,
    }
    return {
        "EventId": number, "EventType": kind, "EventTimestamp": at, "AgentARN": "arn:a", "InstanceARN": "arn:i",
        "Version": "2017-10-01", "AWSAccountId": "1", "CurrentAgentSnapshot": snapshot, "PreviousAgentSnapshot": None,
        **more,
    }  # fmt: skip


def events_of(intervals: list[dict[str, str]]) -> list[Event]:
    """Status intervals of the `generic` stream, of one agent after the other and none overlapping, as events."""
    found: list[Event] = []
    spelt = {"available": "Available", "offline": "Offline", "productive_other": "Training", "non_productive": "Lunch"}
    for number, row in enumerate(intervals):
        at, kind = row["starts_at"], row["status_class"]
        busy = {"on_contact": (("CONNECTED", at),), "after_contact": (("ENDED", at),)}.get(kind, ())
        found.append(event(f"e{number}", at, row["agent_email"], status=spelt.get(kind, "Available"), contacts=busy))
    last = {row["agent_email"]: row for row in intervals}
    for agent, row in last.items():
        if row["ends_at"]:
            found.append(event(f"out {agent}", row["ends_at"], agent, kind="LOGOUT", status="Offline"))
    return found


def without_gaps(intervals: list[dict[str, str]]) -> list[dict[str, str]]:
    """The same with time between two intervals of an agent offline, as events know no gap, and equal neighbours one."""
    found: list[dict[str, str]] = []
    for agent in sorted({row["agent_email"] for row in intervals}):
        own = sorted((row for row in intervals if row["agent_email"] == agent), key=lambda row: row["starts_at"])
        if any(not row["ends_at"] or row["ends_at"] > after["starts_at"] for row, after in pairwise(own)):
            continue
        filled: list[dict[str, str]] = []
        for row, after in pairwise([*own, {"starts_at": own[-1]["ends_at"]}]):
            filled.append(row)
            if row["ends_at"] and row["ends_at"] < after["starts_at"]:
                gap = {"starts_at": row["ends_at"], "ends_at": after["starts_at"], "status_class": "offline"}
                filled.append(row | gap)
        for row in filled:
            if found and (found[-1]["agent_email"], found[-1]["status_class"]) == (agent, row["status_class"]):
                found[-1] = found[-1] | {"ends_at": row["ends_at"]}
            else:
                found.append(row)
    return found


def as_lines(*events: Event) -> str:
    return "".join(json.dumps(one) + "\n" for one in events)


_AT, _LATER = "2026-03-02T09:00:00.120Z", "2026-03-02T10:00:00.000Z"
_SEEN = "event_id, event_type, agent_username, status, event_at::varchar"
_ROW = ("e1", "LOGIN", "ana", "Available", "2026-03-02 09:00:00.12")
_LOGIN = event("e1", _AT, kind="LOGIN")


def contact(number: str = "c1", **more: object) -> Event:
    """One record of a call that an agent answered; `more`: top-level keys in place of its own."""
    return {
        "ContactId": number, "Channel": "VOICE", "InitiationMethod": "INBOUND", "DisconnectReason": "AGENT_DISCONNECT",
        "InitiationTimestamp": "2026-03-02T09:00:00Z", "DisconnectTimestamp": "2026-03-02T09:09:40Z",
        "LastUpdateTimestamp": "2026-03-02T09:11:05Z", "Attributes": {"ticket_id": "84230", "name": "Kim"},
        "Queue": {"Name": "Orders", "EnqueueTimestamp": "2026-03-02T09:00:40Z", "Duration": 45},
        "Agent": {"Username": "ana", "ConnectedToAgentTimestamp": "2026-03-02T09:01:25Z",
                  "AgentInteractionDuration": 400, "CustomerHoldDuration": 95, "AfterContactWorkDuration": 80},
        "CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": "+49301234567"}, "AWSAccountId": "1", **more,
    }  # fmt: skip


_NEEDED = ("ContactId", "Channel", "InitiationMethod", "InitiationTimestamp", "LastUpdateTimestamp")
_TOLD = "contact_id, queue_name, agent_username, interaction_seconds::int, ticket_id, length(customer_phone_key)"
_CALL = ("c1", "Orders", "ana", 400, "84230", 64)
_BARE = {name: value for name, value in contact().items() if name in _NEEDED}
CONTACT_RECORDS = {
    "happy": Case(
        files={"a": json.dumps(contact()) + json.dumps(contact(
            "c2", Agent=None, Attributes={}, TransferredToEndpoint={"Address": "+4930999"}))},
        counts=(2, 2, 0, 0), select=f"{_TOLD}, enqueued_at::varchar, is_transferred_external",
        rows=[(*_CALL, "2026-03-02 09:00:40", False),
              ("c2", "Orders", None, None, None, 64, "2026-03-02 09:00:40", True)],
    ),
    "empty": Case(files={"a": "", "b.json": "[]"}),
    "repeated_border": Case(
        files={"1": as_lines(contact(), contact("c2")), "2": json.dumps(contact("c2"))},
        counts=(3, 2, 1, 0), select="contact_id", rows=[("c1",), ("c2",)],
    ),
    "newer_version": Case(
        files={"1": as_lines(contact(LastUpdateTimestamp="2026-03-02T10:00:00Z", DisconnectReason="OTHER")),
               "2": as_lines(contact())},
        counts=(2, 2, 0, 0), select="contact_id, last_updated_at::varchar, disconnect_reason",
        rows=[("c1", "2026-03-02 09:11:05", "AGENT_DISCONNECT"), ("c1", "2026-03-02 10:00:00", "OTHER")],
    ),
    "unknown_enum": Case(
        files={"a": as_lines(contact(Channel="HOLOGRAM", InitiationMethod="DREAM", DisconnectReason="TIDE"))},
        counts=(1, 1, 0, 0), select="channel, initiation_method, disconnect_reason",
        rows=[("HOLOGRAM", "DREAM", "TIDE")],
    ),
    "all_null_row": Case(
        files={"a": as_lines(dict.fromkeys(contact()), dict.fromkeys(contact()) | _BARE)},
        counts=(2, 1, 0, 1), select=f"{_TOLD}, disconnected_at", rows=[("c1", *[None] * 6)],
    ),
    "dst_overlap": Case(
        files={"a": as_lines(*(_BARE | {"ContactId": f"c{hour}", "InitiationTimestamp":
            f"2026-10-25T0{hour}:30:00Z"} for hour in (0, 1)))},
        settings={"time_zone": "Europe/Berlin"}, counts=(2, 2, 0, 0), select="contact_id, initiated_at::varchar",
        rows=[("c0", "2026-10-25 00:30:00"), ("c1", "2026-10-25 01:30:00")],
    ),
    "non_ascii": Case(
        files={"a": json.dumps(contact(Queue={"Name": "Rückruf 返品"}, Agent={"Username": "Zoë"}), ensure_ascii=False)},
        counts=(1, 1, 0, 0), select="queue_name, agent_username", rows=[("Rückruf 返品", "Zoë")],
    ),
    # What is not UTF-8 from its first byte is no export; a line that is not UTF-8 is no record.
    "wrong_encoding": Case(
        files={"a": as_lines(contact()).encode("utf-16"),
               "b": as_lines(contact()).encode() + '{"ContactId": "Rück"}\n'.encode("latin-1")},
        counts=(2, 1, 0, 1), select=_TOLD, rows=[_CALL], refused=("a",),
    ),
    "missing_column": Case(
        files={"optional": as_lines(_BARE),
               "required": as_lines(*({"ContactId": f"c{n}", "Channel": "VOICE"} for n in range(5)))},
        counts=(1, 1, 0, 0), select=_TOLD, rows=[("c1", *[None] * 5)], refused=("required",),
    ),
    # A key is told wherever it stands, null as well.
    "extra_column": Case(
        files={"a": as_lines(contact(Mood="good"), contact("c2", Mood=None), contact("c3"))}, counts=(3, 3, 0, 0),
        select="contact_id", rows=[("c1",), ("c2",), ("c3",)], new_columns={"Mood": 2},
    ),
    "footer": Case(files={"a": as_lines(contact()) + "-- end\n"}, counts=(2, 1, 0, 1), select=_TOLD, rows=[_CALL]),
}  # fmt: skip

CASES = {
    "contact_records": CONTACT_RECORDS,
    "agent_events": {
        "happy": Case(
            files={"a": json.dumps(_LOGIN) + json.dumps(event("e2", _LATER, contacts=(
                ("CONNECTED_ONHOLD", "2026-03-02T09:59:00Z"), ("ENDED", "2026-03-02T09:58:00Z"))))},
            counts=(2, 2, 0, 0), select=f"{_SEEN}, on_contact_since::varchar, after_contact_since::varchar",
            rows=[(*_ROW, None, None), ("e2", "STATE_CHANGE", "ana", "Available", "2026-03-02 10:00:00",
                                        "2026-03-02 09:59:00", "2026-03-02 09:58:00")],
        ),
        "empty": Case(files={"a": "", "b.json": "[]"}),
        "repeated_border": Case(
            files={"1": as_lines(_LOGIN, event("e2", _LATER)), "2": as_lines(event("e2", _LATER))},
            counts=(3, 2, 1, 0), select="event_id", rows=[("e1",), ("e2",)],
        ),
        "newer_version": Case(impossible="an event never changes"),
        "unknown_enum": Case(
            files={"a": as_lines(event("e1", _AT, kind="JUGGLE", contacts=(("PONDERING", _AT),)))},
            counts=(1, 1, 0, 0), select="event_type, on_contact_since, after_contact_since",
            rows=[("JUGGLE", None, None)],
        ),
        "all_null_row": Case(
            files={"a": as_lines(dict.fromkeys(_LOGIN), event("e1", _AT, CurrentAgentSnapshot=None,
                PreviousAgentSnapshot={"Configuration": {"Username": "ana"}}, kind="LOGOUT"))},
            counts=(2, 1, 0, 1), select="event_type, agent_username, previous_username, status",
            rows=[("LOGOUT", None, "ana", None)],
        ),
        "dst_overlap": Case(impossible="instants are in UTC"),
        "non_ascii": Case(
            files={"a": as_lines(event("e1", _AT, "Zoë", status="Mittagspause ü"))}, counts=(1, 1, 0, 0),
            select="agent_username, status", rows=[("Zoë", "Mittagspause ü")],
        ),
        "wrong_encoding": Case(files={"a": as_lines(_LOGIN).encode("utf-16")}, refused=("a",)),
        "missing_column": Case(
            files={"optional": as_lines({k: v for k, v in _LOGIN.items() if k != "PreviousAgentSnapshot"}),
                   "required": "".join(as_lines({"EventId": f"e{n}", "EventType": "LOGIN"}) for n in range(5))},
            counts=(1, 1, 0, 0), select=_SEEN, rows=[_ROW], refused=("required",),
        ),
        "extra_column": Case(
            files={"a": as_lines(_LOGIN | {"Mood": "good"})}, counts=(1, 1, 0, 0), select=_SEEN, rows=[_ROW],
            new_columns={"Mood": 1},
        ),
        "footer": Case(
            files={"a": as_lines(_LOGIN) + "-- end\n"}, counts=(2, 1, 0, 1), select=_SEEN, rows=[_ROW]
        ),
    }
}  # fmt: skip
