"""A simulated month of calls as Amazon Connect's contact records: legs, sent again when they change.

`knowable` is the month as far as the records know it, still in the generic spelling; both sides are made of that.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from tests.vendors.amazon_connect import as_lines, contact
from tests.vendors.parity import Files, Month

Cells = dict[str, str]
Record = dict[str, Any]
#: What became of a call that was queued, in turn. `handed_over`: answered, and answered again in another queue.
FATES = ("answered", "handed_over", "answered", "abandoned", "timeout", "callback_requested", "failed", "overflow")
ANSWERED = ("answered", "handed_over", "callback_requested")
REASONS = {"abandoned": ("CUSTOMER_DISCONNECT", "OTHER"), "timeout": ("CONTACT_FLOW_DISCONNECT", "EXPIRED"),
           "callback_requested": ("CONTACT_FLOW_DISCONNECT",), "failed": ("TELECOM_PROBLEM",),
           "overflow": ("THIRD_PARTY_DISCONNECT",),
           "answered": ("CUSTOMER_DISCONNECT", "AGENT_DISCONNECT")}  # fmt: skip
#: Records of what is no customer's call: channel and how it began.
NO_CALLS = (("VOICE", "OUTBOUND"), ("CHAT", "API"), ("TASK", "API"), ("EMAIL", "INBOUND"))
OTHER_QUEUE = "Supervisors"
BORDER = 5


def knowable(month: Month) -> list[Cells]:
    """Inbound calls, with FATES in turn where they were queued; the others were given up in the menu.

    Of a call that asked to be called back, agent and talk are those of the callback, which was no answer.
    """
    found, number = [], 0
    for call in (call for call in month.streams["calls"] if call["direction"] == "inbound"):
        told: Cells = {"call_id": f"c-{call['call_id']}", "transferred_to_team": ""}
        if not call["queued_at"]:
            found.append(call | told | {"outcome": "abandoned", "stage_reached": "ivr"})
            continue
        fate = FATES[number % len(FATES)]
        number += 1
        if fate == "handed_over":
            told |= {"transferred_to_team": OTHER_QUEUE}
        elif fate != "answered":
            told |= {"outcome": fate, "stage_reached": "queue", "ended_at": call["answered_at"], "answered_at": ""}
        if fate not in ANSWERED:
            told |= dict.fromkeys(("agent_email", "talk_seconds", "hold_seconds", "wrap_up_seconds"), "")
        found.append(call | told)
    return found


def names(calls: list[Cells]) -> dict[str, str]:
    """E-mail of each agent -> the user name."""
    return {email: email.partition("@")[0] for email in sorted({call["agent_email"] for call in calls} - {""})}


def exports(month: Month) -> Files:
    """Records of these calls and of what is none: one after the other without a line end, and one a line. Every third
    call comes first as it was before its wrap-up; both files have the records at their border."""
    calls = knowable(month)
    records = [record for number, call in enumerate(calls) for record in _legs(number, call)]
    dialled = [call for call in month.streams["calls"] if call["direction"] == "outbound"]
    for number, call in enumerate(dialled):
        channel, method = NO_CALLS[number % len(NO_CALLS)]
        records.append(_leg(call, call["call_id"], Channel=channel, InitiationMethod=method))
    early = [_before_wrap_up(record) for record in records[::3]]
    half = len(records) // 2
    return {
        "amazon_connect/contact_records/1": "".join(map(json.dumps, records[half - BORDER :])),
        "amazon_connect/contact_records/2": as_lines(*early, *records[:half]),
    }


def _legs(number: int, call: Cells) -> Iterator[Record]:
    """The records of one call. Who listened, and a flow that ran after its end, are none of it."""
    outcome, id = call["outcome"], call["call_id"]
    reasons = REASONS[outcome] if call["queued_at"] else ("CUSTOMER_DISCONNECT",)
    in_chain = {"InitialContactId": id, "PreviousContactId": id}
    said: Record = {"DisconnectReason": reasons[number % len(reasons)]}
    if outcome == "overflow":
        said["TransferredToEndpoint"] = {"Type": "TELEPHONE_NUMBER", "Address": "+4930999"}
    if outcome == "callback_requested":
        yield _leg(call | dict.fromkeys(_SPOKEN, ""), id, **said)
        asked, called = call["ended_at"], _later(call["ended_at"], 1800)
        again = call | {"arrived_at": asked, "queued_at": called, "answered_at": _later(called, 20)}
        again |= {"ended_at": _later(called, 20 + _spoken(call)), "ticket_id": ""}
        yield _leg(again, f"{id}-b", InitiationMethod="CALLBACK", ScheduledTimestamp=called, **in_chain)
    elif call["transferred_to_team"]:
        half = {name: str(int(call[name]) // 2) for name in _DURATIONS}
        handed = _later(call["answered_at"], _spoken(call | half))
        first = call | half | {"ended_at": handed}
        yield _leg(first, id, NextContactId=f"{id}-b", TransferCompletedTimestamp=handed, **said)
        rest = {name: str(int(call[name]) - int(half[name])) for name in _DURATIONS}
        rest |= {"arrived_at": handed, "queued_at": handed, "answered_at": handed, "queue": OTHER_QUEUE}
        rest |= {"agent_email": "eva.other@shop.example", "ticket_id": ""}
        yield _leg(call | rest, f"{id}-b", InitiationMethod="TRANSFER", **in_chain)
    else:
        yield _leg(call, id, **said)
    if call["answered_at"]:
        yield _leg(call, f"{id}-m", InitiationMethod="MONITOR", **in_chain)
        after = dict.fromkeys(_SPOKEN, "") | {"arrived_at": call["ended_at"], "ended_at": _later(call["ended_at"], 30)}
        yield _leg(call | after | {"queued_at": ""}, f"{id}-d", InitiationMethod="DISCONNECT", **in_chain)


_DURATIONS = ("talk_seconds", "hold_seconds", "wrap_up_seconds")
_SPOKEN = ("agent_email", "answered_at", *_DURATIONS)


def _leg(call: Cells, id: str, **more: Any) -> Record:
    """One record, complete once the agent's wrap-up is over."""
    left = call["answered_at"] or call["ended_at"]
    queue = {"Name": call["queue"], "ARN": "arn:q", "EnqueueTimestamp": call["queued_at"], "DequeueTimestamp": left}
    agent = {
        "Username": call["agent_email"].partition("@")[0], "ConnectedToAgentTimestamp": call["answered_at"],
        "AgentInteractionDuration": int(call["talk_seconds"] or 0), "HierarchyGroups": None,
        "CustomerHoldDuration": int(call["hold_seconds"] or 0),
        "AfterContactWorkDuration": int(call["wrap_up_seconds"] or 0),
    }  # fmt: skip
    said = {
        "InitiationTimestamp": call["arrived_at"], "ConnectedToSystemTimestamp": call["arrived_at"],
        "DisconnectTimestamp": call["ended_at"],
        "LastUpdateTimestamp": _later(call["ended_at"], 1 + int(call["wrap_up_seconds"] or 0)),
        "Queue": queue if call["queued_at"] else None, "Agent": agent if call["answered_at"] else None,
        "Attributes": {"ticket_id": call["ticket_id"], "mood": "calm"} if call["ticket_id"] else {},
        "CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": call["caller_phone"]},
    }  # fmt: skip
    return contact(id, **said | more)


def _before_wrap_up(record: Record) -> Record:
    agent = record["Agent"] and record["Agent"] | {"AfterContactWorkDuration": None}
    return record | {"Agent": agent, "Attributes": {}, "LastUpdateTimestamp": record["DisconnectTimestamp"]}


def _spoken(call: Cells) -> int:
    return int(call["talk_seconds"]) + int(call["hold_seconds"])


def _later(instant: str, seconds: int) -> str:
    return f"{datetime.fromisoformat(instant) + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%SZ}"
