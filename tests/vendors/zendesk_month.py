"""A simulated month as far as Zendesk Support knows it, still in the generic spelling; see `zendesk_account.py`."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from tests.vendors.parity import Month

Cells = dict[str, str]
#: A channel of the simulated shop -> one that Zendesk has.
VIAS = {"amazon": "email", "shop": "web_form", "ebay": "mail", "facebook_messenger": "native_messaging",
        "whatsapp": "whatsapp", "phone": "voice"}  # fmt: skip
MESSAGING = ("native_messaging", "whatsapp")
TYPES = {"order": "problem"}
#: Opening hours, Sundays until midnight, and days off, as the configuration has them.
CALENDAR = {"calendar_id": "zendesk/360001", "time_zone": "Europe/Berlin", "valid_from": None, "valid_to": None}
OPENINGS: list[dict[str, Any]] = [
    CALENDAR | {"weekday": day, "opens": "10:30" if day == 7 else "09:00", "closes": "24:00" if day == 7 else "18:00"}
    for day in (1, 2, 3, 4, 5, 7)
]
HOLIDAY = {"calendar_id": "zendesk/360001", "starts_on": date(2026, 2, 16), "ends_on": date(2026, 2, 17), "name": None}


def knowable(month: Month) -> Month:
    """Spam is deleted, some closed tickets were merged. A customer's number is that of all their tickets. What metrics
    tell in minutes is whole minutes after a ticket's beginning. A survey asks for thumbs up or down."""
    phones: Cells = {}
    for row in month.streams["tickets"]:
        if row["requester_phone"]:
            phones.setdefault(row["requester_email"], row["requester_phone"])
    tickets = [_ticket(row, phones) for row in month.streams["tickets"]]
    said = sorted(month.streams["messages"], key=lambda row: row["sent_at"])
    messages = [row | {"message_id": str(88_000_000_000 + number)} for number, row in enumerate(said)]
    changes = [row | {"status": _status(row["status"])} for row in month.streams["ticket_status_changes"]]
    asked = [r for r in month.streams["survey_responses"] if r["contact_id"].startswith("generic/tickets/")]
    ids = {(row["response_id"], row["question_id"]): None for row in asked}
    numbers = {id: str(660_000 + number) for number, id in enumerate(ids)}
    ratings = [
        row
        | {"response_id": numbers[row["response_id"], row["question_id"]], "question_id": "satisfaction_rating"}
        | {"survey_type": "csat", "scale_min": "0", "scale_max": "1", "comment_length": row["comment_length"] or "0"}
        | {"score": str(int(int(row["score"]) > int(row["scale_max"]) / 2)) if row["answered_at"] else ""}
        for row in asked
        if row["survey_type"] != "nps"
    ]
    streams = {"tickets": tickets, "messages": messages, "ticket_status_changes": changes}
    return Month(streams | {"survey_responses": ratings})


def _ticket(row: Cells, phones: Cells) -> Cells:
    is_merged = row["status"] == "closed" and int(row["ticket_id"]) % 19 == 0
    channel = VIAS[row["channel"]]
    in_seconds = channel in MESSAGING
    return row | {
        "status": "merged" if is_merged else _status(row["status"]),
        "tags": ";".join(filter(None, (row["tags"], "closed_by_merge" if is_merged else ""))),
        "channel": channel,
        "subject_type": TYPES.get(row["subject_type"], row["subject_type"]),
        "complexity": ("", "simple", "complex")[int(row["ticket_id"]) % 3],
        "requester_phone": phones.get(row["requester_email"], ""),
        "first_replied_at": row["first_replied_at"] if in_seconds else _in_minutes(row, "first_replied_at"),
        "first_solved_at": _in_minutes(row, "first_solved_at"),
    }


def _status(status: str) -> str:
    return "deleted" if status == "spam" else status


def seconds(row: Cells, name: str) -> int | None:
    """Seconds from the ticket's beginning."""
    return epoch(row[name]) - epoch(row["created_at"]) if row[name] else None


def _in_minutes(row: Cells, name: str) -> str:
    """The instant that minutes after the ticket's beginning tell."""
    passed = seconds(row, name)
    if passed is None:
        return ""
    at = datetime.fromisoformat(row["created_at"]) + timedelta(minutes=passed // 60)
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def epoch(instant: str) -> int:
    return int(datetime.fromisoformat(instant).timestamp())
