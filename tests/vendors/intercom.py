"""A month of tickets as Intercom's conversations, read one by one with their parts or listed without; ugly cases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from tests.vendors.cases import Case
from tests.vendors.parity import Month, Row

Cells = dict[str, str]
Record = dict[str, Any]
PAGE = 20
SPELLINGS = {"amazon": "email", "shop": "conversation", "ebay": "twitter", "facebook_messenger": "facebook"}
STATUSES = {"new": "open", "solved": "closed"}
#: Whole numbers that stand for the month's names.
TEAMS = {"Marketplace": "71", "Messenger": "72", "Shop Hotline": "73"}


def told(month: Month) -> Month:
    """The month in words that Intercom has: two states and snoozing, its channels and ids, one rating a conversation.

    What opens a ticket is for all to read, and written when it is created. A ticket changes when it is rated. Spam and
    what is deleted or merged are left out: Intercom shows none.
    """
    unseen = {row["ticket_id"] for row in month.streams["tickets"] if row["status"] in ("spam", "deleted", "merged")}
    tickets = [_ticket(row) for row in month.streams["tickets"] if row["ticket_id"] not in unseen]
    last = {row["ticket_id"]: row for row in tickets}
    messages: list[Cells] = []
    for row in month.streams["messages"]:
        if ticket := last.get(row["ticket_id"]):
            is_first = all(other["ticket_id"] != row["ticket_id"] for other in messages)
            message_id = f"{row['ticket_id']}/source" if is_first else f"{row['ticket_id']}0{len(messages):04d}"
            sent_at = ticket["created_at"] if is_first else row["sent_at"]
            is_public = "true" if is_first else row["is_public"]
            messages.append(row | {"message_id": message_id, "sent_at": sent_at, "is_public": is_public})
    changes, state = [], dict.fromkeys(last, "open")
    for row in month.streams["ticket_status_changes"]:
        status = STATUSES.get(row["status"], row["status"])
        if status != state.get(row["ticket_id"], status):
            state[row["ticket_id"]] = status
            changes.append(row | {"status": status})
    ratings = []
    for row in month.streams["survey_responses"]:
        ticket = last.get(row["contact_id"].removeprefix("generic/tickets/"))
        if row["survey_type"] == "csat" and ticket:
            ids = {"response_id": ticket["ticket_id"], "question_id": "conversation_rating", "question": ""}
            ratings.append(row | ids)
            ticket["updated_at"] = max(ticket["updated_at"], row["offered_at"], row["answered_at"])
    names = ("tickets", "messages", "ticket_status_changes", "survey_responses")
    return Month(dict(zip(names, (tickets, messages, changes, ratings), strict=True)))


def _ticket(row: Cells) -> Cells:
    return row | {
        "status": STATUSES.get(row["status"], row["status"]),
        "channel": SPELLINGS.get(row["channel"], row["channel"]),
        "priority": "priority" if row["priority"] in ("high", "urgent") else "not_priority",
        "team": TEAMS[row["team"]],
    }


def agents(month: Month) -> list[Row]:
    """Rows of agents.csv that say whose ids the exports have."""
    emails = {row.get(name) for rows in month.streams.values() for row in rows for name in _WHO} - {"", None}
    return [
        {"source": "intercom", "agent": str(8000 + number), "agent_email": email, "row_no": number}
        for number, email in enumerate(sorted(emails))
    ]


_WHO = ("assignee_email", "author_email", "actor_email", "agent_email")


def exports(month: Month, *, with_parts: bool) -> dict[str, str]:
    """Files that tell `told(month)`: versions of conversations with their parts, one a line, or pages without."""
    ids = {row["agent_email"]: row["agent"] for row in agents(month)}
    ratings = {row["response_id"]: row for row in month.streams["survey_responses"]}
    newest = {row["ticket_id"]: row for row in month.streams["tickets"]}
    records = []
    for row in month.streams["tickets"]:
        parts = list(_parts(month, row["ticket_id"], ids))
        source = next(row_ for row_ in month.streams["messages"] if row_["message_id"] == f"{row['ticket_id']}/source")
        record = _record(row, source, ids)
        if row is newest[row["ticket_id"]] and row["ticket_id"] in ratings:
            record["conversation_rating"] = _rating(ratings[row["ticket_id"]], ids)
        if with_parts:
            shown = [p for p in parts if row is newest[row["ticket_id"]] or p["created_at"] <= record["updated_at"]]
            record["conversation_parts"] = {"conversation_parts": shown, "total_count": len(shown)}
        records.append(record)
    told = _lines(records) if with_parts else _pages(records[::-1])
    return {f"intercom/conversations/{name}": content for name, content in told}


def _lines(records: list[Record]) -> Iterator[tuple[str, str]]:
    for number, start in enumerate(range(0, len(records), PAGE)):
        yield f"{number:03d}.ndjson", "\n".join(json.dumps(record) for record in records[start : start + PAGE])


def _pages(records: list[Record]) -> Iterator[tuple[str, str]]:
    """Name and text of list pages of which each begins with the last record of the one before."""
    for number, start in enumerate(range(0, len(records), PAGE)):
        yield f"{number:03d}.json", _page(*records[max(start - 1, 0) : start + PAGE])


def _record(row: Cells, source: Cells, ids: dict[str, str]) -> Record:
    is_customer = row["created_by"] == "customer"
    author = {"type": "user", "id": "u1", "email": row["requester_email"]}
    statistics = {
        "first_admin_reply_at": _epoch(row["first_replied_at"]),
        "first_close_at": _epoch(row["first_solved_at"]),
        "last_close_at": _epoch(row["solved_at"]),
        "count_reopens": int(row["reopens"]),
    }
    return {
        "type": "conversation",
        "id": row["ticket_id"],
        "created_at": _epoch(row["created_at"]),
        "updated_at": _epoch(row["updated_at"]),
        "state": {"pending": "snoozed"}.get(row["status"], row["status"]),
        "open": row["status"] != "closed",
        "priority": row["priority"],
        "admin_assignee_id": int(ids.get(row["assignee_email"], 0)),
        "team_assignee_id": int(row["team"]),
        "source": {
            "type": row["channel"],
            "delivered_as": "customer_initiated" if is_customer else "admin_initiated",
            "author": author if is_customer else {"type": "admin", "id": ids[source["author_email"]]},
            "body": "<p>words</p>",
        },
        "tags": {"type": "tag.list", "tags": [{"name": tag} for tag in row["tags"].split(";") if tag]},
        "statistics": statistics,
        "conversation_rating": None,
        "sla_applied": None,
    }


def _rating(row: Cells, ids: dict[str, str]) -> Record:
    return {
        "rating": int(row["score"]) if row["score"] else None,
        "remark": "x" * int(row["comment_length"]) if row["comment_length"] else None,
        "created_at": _epoch(row["offered_at"]),
        "updated_at": _epoch(row["answered_at"] or row["offered_at"]),
        "teammate": {"type": "admin", "id": int(ids[row["agent_email"]])} if row["agent_email"] else None,
    }


def _parts(month: Month, ticket_id: str, ids: dict[str, str]) -> Iterator[Record]:
    for row in month.streams["messages"]:
        if row["ticket_id"] == ticket_id and not row["message_id"].endswith("/source"):
            kind = "comment" if row["is_public"] == "true" else "note"
            yield _part(
                row["message_id"], kind, row["sent_at"], row["author_type"], ids.get(row["author_email"]), "words"
            )
    for number, row in enumerate(month.streams["ticket_status_changes"]):
        if row["ticket_id"] == ticket_id:
            kind = {"closed": "close", "pending": "snoozed"}.get(row["status"], row["status"])
            author_type = "agent" if row["actor_email"] else "bot"
            part_id = f"{ticket_id}9{number:04d}"
            yield _part(part_id, kind, row["changed_at"], author_type, ids.get(row["actor_email"]), None)


def _part(part_id: str, kind: str, at: str, author_type: str, admin_id: str | None, body: str | None) -> Record:
    author = {"type": {"agent": "admin", "customer": "user"}.get(author_type, "bot"), "id": admin_id or "u1"}
    return {"id": part_id, "part_type": kind, "body": body, "created_at": _epoch(at), "author": author}


def _epoch(text: str) -> int | None:
    return int(datetime.fromisoformat(text).timestamp()) if text else None


def _page(*records: Record) -> str:
    paging = {"type": "pages", "next": None}
    page = {"type": "conversation.list", "conversations": records, "total_count": len(records), "pages": paging}
    return json.dumps(page)


CONVERSATION = {
    "type": "conversation", "id": "215470001", "created_at": 1772443200, "updated_at": 1772449800, "state": "closed",
    "open": False, "admin_assignee_id": 814860, "team_assignee_id": None,
    "source": {"type": "email", "delivered_as": "customer_initiated", "subject": "Late",
               "author": {"type": "user", "id": "u9", "email": "Kim@example.org"}},
    "tags": {"type": "tag.list", "tags": [{"id": "1", "name": "refund"}, {"id": "2", "name": "vip"}]},
    "statistics": {"time_to_admin_reply": 1260, "first_contact_reply_at": 1772443200, "count_reopens": 0,
                   "first_admin_reply_at": 1772446260, "first_close_at": 1772449800},
    "conversation_rating": {"rating": 4, "remark": "fine", "created_at": 1772449800, "updated_at": 1772461000},
    "sla_applied": None, "ai_agent_participated": False,
}  # fmt: skip
OTHER = CONVERSATION | {"id": "215470002", "admin_assignee_id": 0}
PART = {
    "id": 5, "part_type": "comment", "body": "<p>Sorry!</p>", "created_at": 1772446260,
    "author": {"type": "admin", "id": 814860, "name": "Ann", "email": "ann@shop.example"},
}  # fmt: skip
_KEPT = '[{"id":"5","part_type":"comment","author_type":"admin","admin_id":"814860","from_ai_agent":null,' \
    '"created_at":1772446260,"state":null,"has_body":true,"text_match":null}]'  # fmt: skip
_BARE = {name: CONVERSATION[name] for name in ("id", "created_at", "updated_at")}
_UNDATED = {name: value for name, value in CONVERSATION.items() if name != "created_at"}


def _read_by_id(**changed: Any) -> str:
    parts = {"type": "conversation_part.list", "conversation_parts": [PART | changed], "total_count": 1}
    return json.dumps(CONVERSATION | {"conversation_parts": parts})


def _tagged(name: str) -> Record:
    return CONVERSATION | {"tags": {"tags": [{"name": name}]}}


CASES = {
    "conversations": {
        "happy": Case(
            {"list.json": _page(OTHER), "one.json": _read_by_id()},
            (2, 2, 0, 0), "conversation_id, admin_assignee_id, tags, rating, rating_remark_length, parts",
            [("215470001", "814860", "refund;vip", 4, 4, _KEPT), ("215470002", None, "refund;vip", 4, 4, None)],
        ),
        "empty": Case({"1.json": _page()}),
        "repeated_border": Case(
            {"1.json": _page(OTHER, CONVERSATION), "2.json": _page(CONVERSATION)},
            (3, 2, 1, 0), "conversation_id", [("215470001",), ("215470002",)],
        ),
        "newer_version": Case(
            {"1.json": _page(CONVERSATION | {"updated_at": 1772461000, "state": "open"}),
             "2.json": _page(CONVERSATION)},
            (2, 2, 0, 0), "state, updated_at",
            [("closed", datetime(2026, 3, 2, 11, 10)), ("open", datetime(2026, 3, 2, 14, 16, 40))],
        ),
        "unknown_enum": Case(
            {"1.json": _page(CONVERSATION | {"state": "archived"}), "2.json": _read_by_id(part_type="cheered")},
            (2, 2, 0, 0), "state, parts", [("archived", None), ("closed", _KEPT.replace('"comment"', '"cheered"'))],
        ),
        "all_null_row": Case(
            {"1.json": _page(dict.fromkeys(CONVERSATION), dict.fromkeys(CONVERSATION) | _BARE)},
            (2, 1, 0, 1), "conversation_id, state, tags, rating, parts, customer_email_key",
            [("215470001", None, None, None, None, None)],
        ),
        "dst_overlap": Case(
            {"1.json": _page(*(CONVERSATION | {"created_at": 1792888200 + 3600 * hour} for hour in (0, 1)))},
            (2, 2, 0, 0), "created_at", [(datetime(2026, 10, 25, 0, 30),), (datetime(2026, 10, 25, 1, 30),)],
        ),
        "non_ascii": Case(
            {"1.json": _page(_tagged("Rücksendung 返品"))}, (1, 1, 0, 0), "tags", [("Rücksendung 返品",)],
        ),
        "wrong_encoding": Case(
            {"1.json": json.dumps({"conversations": [_tagged("Rücksendung")]}, ensure_ascii=False).encode("latin-1")},
            refused=("1.json",),
        ),
        "missing_column": Case(
            {"optional.json": _page(_BARE), "required.json": _page(*(_UNDATED | {"id": str(n)} for n in range(4)))},
            (1, 1, 0, 0), "conversation_id, state", [("215470001", None)], refused=("required.json",),
        ),
        "extra_column": Case(
            {"1.json": _page(CONVERSATION | {"mood": "sunny"}, OTHER)}, (2, 2, 0, 0), new_columns={"mood": 1},
        ),
        "footer": Case(impossible="a page is one JSON object; nothing but keys of its own stands after its records"),
    },
}  # fmt: skip
