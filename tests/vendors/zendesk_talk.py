"""A month of calls as Zendesk Talk exports it, with the users and groups of `zendesk` that its ids name; ugly cases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from tests.vendors.cases import Case

Cells = dict[str, str]
Record = dict[str, Any]
PAGE = 25


def varied(calls: list[Cells]) -> list[Cells]:
    """The month's calls under numbers, inbound ones in turn answered (as they were), given up in the queue, given up in
    the menu, sent to the voicemail, and turned away; transferred ones stay as they were."""
    found = [call | {"call_id": call["call_id"].lstrip("H0")} for call in calls]
    changed = [call for call in found if call["queued_at"] and not call["transferred_to_team"]]
    for number, call in enumerate(changed):
        if fate := number % 5:
            for name in ("answered_at", "talk_seconds", "hold_seconds", "wrap_up_seconds", "agent_email"):
                call[name] = ""
            call["outcome"] = ("", "abandoned", "abandoned", "voicemail", "closed")[fate]
            call["stage_reached"] = ("", "queue", "ivr", "queue", "greeting")[fate]
        if fate in (2, 4):
            call["queued_at"] = ""
    return found


def exports(calls: list[Cells]) -> dict[str, str]:
    """Files of zendesk_talk and zendesk that tell these calls. Some first come as they were before wrap-up."""
    people = sorted({(call["customer_email"], call["caller_phone"]) for call in calls})
    agents = sorted({call["agent_email"] for call in calls} - {""})
    queues = sorted({call["queue"] for call in calls} - {""})
    customer_ids = {person: 9000 + number for number, person in enumerate(people)}
    agent_ids = {email: 100 + number for number, email in enumerate(agents)}
    group_ids = {name: 10 + number for number, name in enumerate(queues)}
    dated = {"created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z"}
    users = [
        dated | {"id": number, "role": "end-user", "email": email, "phone": phone}
        for (email, phone), number in customer_ids.items()
    ]
    users += [dated | {"id": number, "role": "agent", "email": email} for email, number in agent_ids.items()]
    groups = [dated | {"id": n, "name": name} for name, n in group_ids.items()]
    records, early, legs = [], [], []
    for number, call in enumerate(calls):
        ids = {
            "customer_id": customer_ids[call["customer_email"], call["caller_phone"]],
            "agent_id": agent_ids.get(call["agent_email"], 0),
            "call_group_id": group_ids.get(call["queue"]),
        }
        record = _record(call) | ids
        records.append(record)
        legs += _legs(record, other_agent=99, is_transferred=bool(call["transferred_to_team"]))
        if number % 10 == 0:
            early.append(record | {"updated_at": record["created_at"], "wrap_up_time": None, "duration": None})
    return {
        "zendesk/users/all.json": json.dumps({"users": users}),
        "zendesk/groups/all.json": json.dumps({"groups": groups}),
        **{f"zendesk_talk/calls/{name}": page for name, page in pages("calls", [*early, *records])},
        **{f"zendesk_talk/legs/{name}": page for name, page in pages("legs", legs)},
    }


def pages(container: str, records: list[Record], size: int = PAGE) -> Iterator[tuple[str, str]]:
    """Name and text of pages of which each begins with the last record of the one before."""
    for number, start in enumerate(range(0, len(records), size)):
        shown = records[max(start - 1, 0) : start + size]
        yield f"{number:03d}.json", _page(container, *shown)


def _record(call: Cells) -> Record:
    arrived, queued, answered, ended = (
        _instant(call[name]) for name in ("arrived_at", "queued_at", "answered_at", "ended_at")
    )
    left = answered or ended
    return {
        "id": int(call["call_id"]),
        "created_at": call["arrived_at"],
        "updated_at": f"{(ended + timedelta(seconds=90)).isoformat()}Z",
        "direction": call["direction"],
        "completion_status": _status(call),
        "ticket_id": int(call["ticket_id"]) if call["ticket_id"] else None,
        "duration": _seconds(arrived, ended),
        "wait_time": _seconds(queued, left) if queued else 0,
        "time_to_answer": _seconds(arrived, answered),
        "talk_time": _number(call["talk_seconds"]) or 0,
        "hold_time": _number(call["hold_seconds"]),
        "wrap_up_time": _number(call["wrap_up_seconds"]),
        "ivr_time_spent": _seconds(arrived, queued) if queued else 0,
        "voicemail": call["outcome"] == "voicemail",
        "callback": False,
        "overflowed": False,
        "outside_business_hours": call["outcome"] == "closed",
        "exceeded_queue_wait_time": call["outcome"] == "voicemail",
        "call_charge": "0.12",
    }


def _status(call: Cells) -> str:
    if call["outcome"] == "abandoned":
        return {"queue": "abandoned_in_queue", "ivr": "abandoned_in_ivr"}.get(call["stage_reached"], "not_answered")
    return "abandoned_in_voicemail" if call["outcome"] == "closed" else "completed"


def _legs(record: Record, other_agent: int, is_transferred: bool) -> list[Record]:
    """One leg of the agent, who passes half of a transferred call on; the other agent missed every call before."""
    if not record["agent_id"]:
        return []
    shared = {"call_id": record["id"], "created_at": record["created_at"], "updated_at": record["updated_at"]}
    leg = shared | {"type": "agent", "completion_status": "completed", "wrap_up_time": record["wrap_up_time"]}
    leg |= {"id": f"{record['id']}2", "agent_id": record["agent_id"], "transferred_to": None, "transferred_from": 0}
    leg |= {"talk_time": record["talk_time"], "hold_time": record["hold_time"]}
    missed = leg | {
        "id": f"{record['id']}1",
        "agent_id": other_agent,
        "completion_status": "agent_missed",
        "talk_time": 0,
    }
    if not is_transferred:
        return [missed, leg]
    half = record["talk_time"] // 2
    second = leg | {"id": f"{record['id']}3", "agent_id": other_agent, "talk_time": record["talk_time"] - half}
    second |= {"hold_time": 0, "wrap_up_time": 0, "transferred_from": record["agent_id"]}
    return [missed, leg | {"talk_time": half, "transferred_to": other_agent}, second]


def _instant(text: str) -> datetime | None:
    return datetime.fromisoformat(text.removesuffix("Z")) if text else None


def _seconds(start: datetime, end: datetime | None) -> int | None:
    return int((end - start).total_seconds()) if end else None


def _number(text: str) -> int | None:
    return int(text) if text else None


def _page(container: str, *records: Record, **more: Any) -> str:
    return json.dumps({container: list(records), "count": len(records), "next_page": "https://x.example/1"} | more)


CALL = {
    "id": 990001, "created_at": "2026-03-02T09:10:00Z", "updated_at": "2026-03-02T09:18:40Z", "direction": "inbound",
    "agent_id": 5512000000001, "ticket_id": 84230, "call_group_id": 991, "completion_status": "completed",
    "duration": 505, "wait_time": 38, "time_to_answer": 61, "talk_time": 390, "hold_time": 40, "wrap_up_time": 52,
    "ivr_time_spent": 20, "voicemail": False, "callback": False, "outside_business_hours": False,
    "exceeded_queue_wait_time": False, "call_charge": "0.12",
}  # fmt: skip
GAVE_UP = {
    "id": 990002, "created_at": "2026-03-02T09:11:02Z", "updated_at": "2026-03-02T09:11:50Z", "direction": "inbound",
    "agent_id": 0, "ticket_id": None, "completion_status": "abandoned_in_queue", "duration": 48, "wait_time": 31,
    "time_to_answer": None, "talk_time": 0, "wrap_up_time": None, "exceeded_queue_time": True,
}  # fmt: skip
LEG = {
    "id": "7001", "call_id": 990001, "created_at": "2026-03-02T09:10:23Z", "updated_at": "2026-03-02T09:18:40Z",
    "type": "agent", "completion_status": "completed", "agent_id": 5512000000001, "talk_time": 390, "hold_time": 40,
    "wrap_up_time": 52, "transferred_from": None, "transferred_to": 0, "available_via": "browser",
}  # fmt: skip
_NO_FOOTER = Case(impossible="a page is one JSON object; nothing but keys of its own stands after its records")


def _cases(container: str, record: Record, other: Record, listed: str, kept: str) -> dict[str, Case]:
    """The cases of both streams; `listed`: a field with a list of values, `kept`: a field whose text is stored."""
    key = {"calls": "call_id", "legs": "leg_id"}[container]

    def said(**changed: Any) -> Record:
        return record | changed

    undated = {name: value for name, value in record.items() if name != "created_at"}

    def bare(row: Record) -> Record:
        return {name: row[name] for name in ("id", "call_id", "created_at", "updated_at") if name in row}

    return {
        "empty": Case({"1.json": _page(container)}),
        "repeated_border": Case(
            {"1.json": _page(container, other, record), "2.json": _page(container, record)},
            (3, 2, 1, 0), key, sorted([(str(record["id"]),), (str(other["id"]),)]),
        ),
        "newer_version": Case(
            {"1.json": _page(container, said(updated_at="2026-03-02T10:00:00Z", wrap_up_time=60)),
             "2.json": _page(container, record)},
            (2, 2, 0, 0), f"{key}, wrap_up_time", [(str(record["id"]), 52), (str(record["id"]), 60)],
        ),
        "unknown_enum": Case(
            {"1.json": _page(container, said(**{listed: "something_new"}))},
            (1, 1, 0, 0), f"{key}, {listed}", [(str(record["id"]), "something_new")],
        ),
        "all_null_row": Case(
            {"1.json": _page(container, dict.fromkeys(record), bare(record))},
            (2, 1, 0, 1), f"{key}, {listed}, talk_time", [(str(record["id"]), None, None)],
        ),
        "dst_overlap": Case(
            {"1.json": _page(container, *(said(created_at=f"2026-10-25T0{hour}:30:00Z") for hour in (0, 1)))},
            (2, 2, 0, 0), "created_at", [(datetime(2026, 10, 25, 0, 30),), (datetime(2026, 10, 25, 1, 30),)],
        ),
        "non_ascii": Case(
            {"1.json": _page(container, said(**{kept: "Rücksendung 返品"}))}, (1, 1, 0, 0), kept,
            [("Rücksendung 返品",)],
        ),
        "wrong_encoding": Case(
            {"1.json": json.dumps({container: [said(**{kept: "Rücksendung"})]}, ensure_ascii=False).encode("latin-1")},
            refused=("1.json",),
        ),
        "missing_column": Case(
            {"optional.json": _page(container, bare(record)),
             "required.json": _page(container, *(undated | {"id": number} for number in range(4)))},
            (1, 1, 0, 0), f"{key}, wrap_up_time", [(str(record["id"]), None)], refused=("required.json",),
        ),
        "extra_column": Case(
            {"1.json": _page(container, said(mood="sunny"), other)}, (2, 2, 0, 0), new_columns={"mood": 1},
        ),
        "footer": _NO_FOOTER,
    }  # fmt: skip


CASES = {
    "calls": {
        "happy": Case(
            {"1.json": _page("calls", CALL, GAVE_UP)}, (2, 2, 0, 0),
            "call_id, agent_id, duration, time_to_answer, is_queue_wait_exceeded",
            [("990001", "5512000000001", 505, 61, False), ("990002", None, 48, None, True)],
        ),
        **_cases("calls", CALL, GAVE_UP, listed="completion_status", kept="ivr_destination_group_name"),
    },
    "legs": {
        "happy": Case(
            {"1.json": _page("legs", LEG, LEG | {"id": 7002, "agent_id": 0, "transferred_from": 5512000000001})},
            (2, 2, 0, 0), "leg_id, call_id, agent_id, talk_time, is_transferred",
            [("7001", "990001", "5512000000001", 390, False), ("7002", "990001", None, 390, True)],
        ),
        **_cases("legs", LEG, LEG | {"id": "7003"}, listed="completion_status", kept="type"),
    },
}  # fmt: skip
