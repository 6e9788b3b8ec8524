"""A month of calls as Aircall's API tells it; ugly cases."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from tests.vendors.cases import Case

Cells = dict[str, str]
Record = dict[str, Any]
PAGE = 25
#: What became of a call, in turn: reason, outcome, stage, whether the line has a menu, whether words were left.
FATES = (
    (None, "answered", "agent", False, False),
    (None, "answered", "agent", True, False),
    ("short_abandoned", "abandoned", "queue", False, False),
    ("short_abandoned", "abandoned", "greeting", True, False),
    ("abandoned_in_ivr", "abandoned", "ivr", True, False),
    ("abandoned_in_classic", "abandoned", "queue", False, False),
    ("no_available_agent", "join_empty", "queue", True, False),
    ("agents_did_not_answer", "timeout", "queue", False, False),
    ("agents_did_not_answer", "voicemail", "queue", False, True),
    ("out_of_opening_hours", "closed", "greeting", False, True),
)


def varied(calls: list[Cells]) -> list[Cells]:
    """The month's calls under numbers, inbound ones with FATES in turn; transferred ones were answered. Beside the
    generic columns each has `reason`, `has_menu`, `has_words` and `passed_on`: see `canonical_cells`."""
    found = []
    inbound = 0
    for call in calls:
        told = call | {"call_id": call["call_id"].lstrip("H0"), "hold_seconds": "", "wrap_up_seconds": ""}
        told |= {"reason": "", "has_menu": "", "has_words": "", "transferred_to_team": ""}
        told |= {"passed_on": call["transferred_to_team"]}
        if call["direction"] == "inbound":
            told["queue"] = call["queue"] or "shop_hotline"
            told["queued_at"] = call["arrived_at"]
            if call["answered_at"]:
                reason, outcome, stage, has_menu, has_words = FATES[0 if call["transferred_to_team"] else inbound % 10]
                inbound += not call["transferred_to_team"]
                told |= {"reason": reason or "", "outcome": outcome, "stage_reached": stage}
                told |= {"has_menu": "yes" if has_menu else "", "has_words": "yes" if has_words else ""}
                if stage not in ("queue", "agent") or has_menu:
                    told["queued_at"] = ""
                if reason:
                    told |= dict.fromkeys(("answered_at", "agent_email", "talk_seconds"), "")
            else:
                told |= {"reason": "abandoned_in_classic", "outcome": "abandoned", "stage_reached": "queue"}
        if told["answered_at"]:
            told["talk_seconds"] = str(_epoch(told["ended_at"]) - _epoch(told["answered_at"]))
        found.append(told)
    return found


def canonical_cells(calls: list[Cells]) -> list[Cells]:
    """The same calls in the generic columns."""
    own = ("reason", "has_menu", "has_words", "passed_on")
    return [{name: cell for name, cell in call.items() if name not in own} for call in calls]


def exports(calls: list[Cells]) -> dict[str, str]:
    """Pages that each begin with the last call of the one before. On the first, some calls are still running."""
    records = [_record(number, call) for number, call in enumerate(calls)]
    running = [record | {"status": "initial", "answered_at": None, "ended_at": None} for record in records[::10]]
    running = [record | {"missed_call_reason": None, "tags": [], "user": None} for record in running]
    pages = [running, *(records[max(start - 1, 0) : start + PAGE] for start in range(0, len(records), PAGE))]
    return {f"aircall/calls/{number:03d}.json": page(*shown) for number, shown in enumerate(pages)}


def _record(number: int, call: Cells) -> Record:
    is_inbound = call["direction"] == "inbound"
    email = call["agent_email"]
    began, ended = _epoch(call["arrived_at"]), _epoch(call["ended_at"])
    return {
        # Some dumps make floats of all numbers.
        "id": float(call["call_id"]) if number % 3 == 0 else int(call["call_id"]),
        "sid": f"CA{number}",
        "direct_link": f"https://api.aircall.example/v1/calls/{call['call_id']}",
        "direction": call["direction"],
        "status": "done",
        "started_at": float(began) if number % 3 == 0 else began,
        "answered_at": _epoch(call["answered_at"]),
        "ended_at": ended,
        "duration": ended - began,
        "missed_call_reason": call["reason"] or None,
        "raw_digits": call["caller_phone"],
        "user": {"id": 40 + len(email), "name": email.split("@")[0], "email": email.upper()} if email else None,
        "number": {"id": 9, "name": call["queue"] or "Outbound line", "is_ivr": bool(call["has_menu"])},
        "teams": [{"id": 3, "name": call["team"]}] if is_inbound and call["team"] else [],
        "tags": [{"id": 5, "name": call["disposition"], "tagged_by": None}] if call["disposition"] else [],
        "transferred_to": {"id": 50, "name": "Ben"} if call["passed_on"] else None,
        "voicemail": "https://voicemail.aircall.example/1" if call["has_words"] else None,
        "recording": None,
        "comments": [{"id": 1, "content": "said by a person"}],
        "archived": False,
    }


def _epoch(text: str) -> int | None:
    return int(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()) if text else None


def page(*records: Record) -> str:
    meta = {"count": len(records), "total": len(records), "current_page": 1, "per_page": 50, "next_page_link": None}
    return json.dumps({"meta": meta, "calls": list(records)}, ensure_ascii=False)


CALL = {
    "id": 731000001, "direction": "inbound", "status": "done", "started_at": 1772445600, "answered_at": 1772445634,
    "ended_at": 1772445934, "duration": 334, "missed_call_reason": None, "raw_digits": "+33 1 00 00 00 00",
    "user": {"id": 44, "name": "Lea M", "email": "Lea@shop.example"}, "teams": [{"id": 3, "name": "FR"}],
    "number": {"id": 9, "name": "Orders", "time_zone": "Europe/Paris", "is_ivr": False},
    "tags": [{"id": 5, "name": "return"}], "transferred_to": None, "voicemail": None,
}  # fmt: skip
MISSED = {
    "id": 731000002, "direction": "inbound", "status": "done", "started_at": 1772446000, "answered_at": None,
    "ended_at": 1772446071, "duration": 71, "missed_call_reason": "no_available_agent", "user": None, "teams": [],
    "tags": [], "raw_digits": "anonymous",
}  # fmt: skip
AT, OVERLAP = "2026-03-02 10:00:00", int(datetime(2026, 10, 25, 0, 30, tzinfo=UTC).timestamp())
_BARE = {name: CALL[name] for name in ("id", "direction", "started_at")}
_UNDATED = {name: value for name, value in CALL.items() if name != "started_at"}

CALLS = {
    "happy": Case(
        {"a.json": page(CALL, MISSED | {"tags": [{"name": "x"}, {"name": "y"}], "teams": [{"name": "A"}, {"name": "B"}],
                                        "voicemail": "https://x.example", "transferred_to": {"id": 1}})},
        (2, 2, 0, 0),
        "call_id, started_at::varchar, agent_id, agent_email, agent_name, line, has_menu, team, tags, is_voicemail, "
        "is_transferred, caller_phone_key is null",
        [("731000001", AT, "44", "lea@shop.example", "Lea M", "Orders", False, "FR", "return", False, False, False),
         ("731000002", "2026-03-02 10:06:40", None, None, None, None, None, None, "x;y", True, True, True)],
    ),
    "empty": Case({"a.json": page()}),
    "repeated_border": Case(
        {"1.json": page(CALL, MISSED), "2.json": page(MISSED)}, (3, 2, 1, 0), "call_id",
        [("731000001",), ("731000002",)],
    ),
    "newer_version": Case(
        {"1.json": page(CALL | {"tags": []}), "2.json": page(CALL)}, (2, 2, 0, 0), "tags, _load_no > 1",
        [("return", True), (None, False)],
    ),
    "unknown_enum": Case(
        {"a.json": page(MISSED | {"missed_call_reason": "lost_in_space", "status": "paused"})}, (1, 1, 0, 0),
        "missed_call_reason, status", [("lost_in_space", "paused")],
    ),
    "all_null_row": Case(
        {"a.json": page(dict.fromkeys(CALL), dict.fromkeys(CALL) | _BARE)}, (2, 1, 0, 1),
        "call_id, answered_at, line, team, tags", [("731000001", None, None, None, None)],
    ),
    "dst_overlap": Case(
        {"a.json": page(*({"id": n, "direction": "inbound", "started_at": OVERLAP + n * 3600} for n in (0, 1)))},
        (2, 2, 0, 0), "started_at::varchar", [("2026-10-25 00:30:00",), ("2026-10-25 01:30:00",)],
    ),
    "non_ascii": Case(
        {"a.json": page(CALL | {"tags": [{"name": "Rücksendung 返品"}]})}, (1, 1, 0, 0), "tags", [("Rücksendung 返品",)]
    ),
    "wrong_encoding": Case(
        {"a.json": page(CALL | {"tags": [{"name": "Rücksendung"}]}).encode("latin-1")}, refused=("a.json",)
    ),
    "missing_column": Case(
        {"optional.json": page(_BARE), "required.json": page(*(_UNDATED | {"id": number} for number in range(4)))},
        (1, 1, 0, 0), "call_id, ended_at", [("731000001", None)], refused=("required.json",),
    ),
    "extra_column": Case(
        {"a.json": page(CALL | {"mood": "sunny"}, MISSED)}, (2, 2, 0, 0), "call_id", [("731000001",), ("731000002",)],
        new_columns={"mood": 1},
    ),
    "footer": Case(impossible="a page is one JSON object; nothing but keys of its own stands after its records"),
}  # fmt: skip
CASES = {"calls": CALLS}
