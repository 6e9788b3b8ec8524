"""Calls of a generated world: waits on and beside every threshold, missing instants, versions, links to tickets."""

from datetime import timedelta
from decimal import Decimal
from random import Random

from tests.worlds.clock import Clock
from tests.worlds.configuring import QUEUES, TEAMS
from tests.worlds.ticketing import AGENTS, CUSTOMERS, PHONES, key_of

OUTCOMES = [
    "answered", "answered", "answered", "answered", "abandoned", "abandoned", "abandoned", "timeout", "overflow",
    "voicemail", "callback_requested", "join_empty", "leave_empty", "closed", "failed",
]  # fmt: skip
WAITS = [0, 1, 4, 5, 6, 9, 10, 19, 20, 21, 29, 30, 31, 60, 61, 179, 180, 181, 3600, 7200]


def calls(pick: Random, clock: Clock, count: int, ticket_ids: list[str]) -> list[dict]:
    rows = []
    for number in range(count):
        row = _call(pick, clock, f"C{number}", ticket_ids)
        rows.append(row)
        if row["updated_at"] and pick.random() < 0.2:
            later = clock.after(row["updated_at"])
            if later != row["updated_at"]:
                changed = {"disposition_class": "resolved", "team": pick.choice(TEAMS), "updated_at": later}
                rows.append(row | changed)
        elif pick.random() < 0.1:
            # Loaded again with a later end, in no version that says which row is newer.
            rows.append(row | {"ended_at": clock.after(row["ended_at"] or row["queued_at"] or row["arrived_at"])})
    return rows


def _call(pick: Random, clock: Clock, call_id: str, ticket_ids: list[str]) -> dict:
    outcome = pick.choice(OUTCOMES)
    arrived_at = clock.instant()
    row = {
        "call_id": call_id, "arrived_at": arrived_at, "direction": "inbound", "outcome": outcome,
        "stage_reached": None, "queue": pick.choice(QUEUES), "team": pick.choice(TEAMS),
        "agent_email": pick.choice(AGENTS) if outcome == "answered" else None,
        "caller_phone_key": pick.choice(PHONES), "customer_email_key": pick.choice(CUSTOMERS),
        "ticket_id": pick.choice([*ticket_ids, "T99"]) if pick.random() < 0.4 else None,
        "disposition": pick.choice([None, "d_late", "d_return", "d_other"]),
        "disposition_class": pick.choice([None, "resolved", "unresolved", "follow_up"]),
        "issue_type": pick.choice([None, None, None, "late_delivery", "unknown"]),
        "issue_category": pick.choice([None, None, "complaint"]),
        "transferred_to_team": pick.choice([None, None, None, "Desk"]),
        "escalated": pick.choice([None, None, False, True]), "escalation_reason": None,
        "queued_at": None, "answered_at": None, "ended_at": None,
        "talk_seconds": None, "hold_seconds": None, "wrap_up_seconds": None,
        "updated_at": pick.choice([None, None, clock.after(arrived_at)]),
    }  # fmt: skip
    if row["escalated"]:
        row["escalation_reason"] = pick.choice([None, "management", "supervisor"])
    if pick.random() < 0.1:
        row["direction"] = "outbound"
    row["agent_email_key"] = key_of(row["agent_email"])
    row |= _course(pick, row)
    return row


def _course(pick: Random, row: dict) -> dict:
    """Stage and instants that fit the outcome, with gaps."""
    outcome, arrived_at = row["outcome"], row["arrived_at"]
    if outcome == "closed":
        return {"ended_at": pick.choice([None, arrived_at + timedelta(seconds=30)])}
    entered = arrived_at + timedelta(seconds=pick.choice([0, 0, 10, -5, 3600]))
    left = entered + timedelta(seconds=pick.choice(WAITS), microseconds=pick.choice([0, 0, 0, 0, 1, 500_000]))
    if outcome == "answered":
        talk = pick.choice([None, 0, 60, 125, Decimal("30.5"), 7200])
        ended_at = left + timedelta(seconds=float(talk or 0)) if pick.random() < 0.7 else None
        return {
            "stage_reached": "agent", "queued_at": entered if pick.random() < 0.85 else None,
            "answered_at": left if pick.random() < 0.95 else None, "ended_at": ended_at, "talk_seconds": talk,
            "hold_seconds": pick.choice([None, 0, 15]), "wrap_up_seconds": pick.choice([None, 0, 30]),
        }  # fmt: skip
    stage = pick.choice(["greeting", "ivr", "queue", "queue", "queue"])
    in_queue = stage == "queue" and pick.random() < 0.9
    return {
        "stage_reached": stage, "queued_at": entered if in_queue else None,
        "ended_at": left if pick.random() < 0.9 else None,
    }  # fmt: skip
