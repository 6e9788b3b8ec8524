"""Freshdesk: its ugly exports, one of each kind for every stream. How it spells a month: freshdesk_month.py."""

from __future__ import annotations

import json
from typing import Any

from tests.vendors.cases import Case
from tests.vendors.freshdesk_lines import TICKETS_CSV, at

Record = dict[str, Any]
#: What a record has otherwise than the happy one, and the lake's row of it.
Variant = tuple[Record, tuple]


def page(*records: Record) -> str:
    return json.dumps(list(records), ensure_ascii=False)


def api_cases(
    record: Record,
    required: tuple[str, ...],
    select: str,
    row: tuple,
    *,
    newer: Variant,
    unknown: Variant | str,
    least: tuple,
    night: Variant,
    accents: Variant,
) -> dict[str, Case]:
    """Cases of a stream of API pages. `row`: of `record`; `least`: of one that has `required` alone; `unknown`: the
    reason where the vendor has no list; `night`: an instant of the hour that comes twice in Berlin."""
    bare = {key: record[key] for key in required}
    without = [{key: value for key, value in (record | {"id": n}).items() if key != required[1]} for n in (7, 8, 9)]

    def one(changes: Record, found: tuple, **expected: Any) -> Case:
        return Case({"1.json": page(record | changes)}, (1, 1, 0, 0), select, [found], **expected)

    return {
        "happy": one({}, row),
        "empty": Case({"1.json": "[]"}),
        "repeated_border": Case(
            {"1.json": page(record), "2.json": page(record, record | {"id": record["id"] + 1})},
            (3, 2, 1, 0),
            select,
            [row, (str(record["id"] + 1), *row[1:])],
        ),
        "newer_version": Case(
            {"1.json": page(record | newer[0]), "2.json": page(record)}, (2, 2, 0, 0), select, [row, newer[1]]
        ),
        "unknown_enum": Case(impossible=unknown) if isinstance(unknown, str) else one(*unknown),
        "all_null_row": one(dict.fromkeys(record) | bare, least),
        "dst_overlap": one(*night, settings={"time_zone": "Europe/Berlin"}),
        "non_ascii": one(*accents),
        "wrong_encoding": Case({"1.json": page(record | accents[0]).encode("latin-1")}, refused=("1.json",)),
        "missing_column": Case(
            {"1.json": page(bare), "2.json": page(*without)}, (1, 1, 0, 0), select, [least], refused=("2.json",)
        ),
        "extra_column": one({"mood": "sunny"}, row, new_columns={"mood": 1}),
        "footer": Case(impossible="a page is one JSON array: nothing of the vendor's stands behind it"),
    }


TICKET = {
    "id": 7012, "created_at": "2026-03-01T21:41:09Z", "updated_at": "2026-03-07T07:01:23Z", "status": 5, "source": 1,
    "priority": 2, "type": "Refund", "requester_id": 501, "responder_id": 11, "group_id": 21, "product_id": 31,
    "tags": ["refund", "late"], "custom_fields": {"cf_reason": "late"}, "spam": False, "deleted": False,
    "is_escalated": True, "fr_escalated": False, "nr_escalated": False, "subject": "Hello", "description_text": "Hi",
    "cc_emails": ["kim@example.org"], "support_email": "Help@shop.example", "due_by": "2026-03-04T21:41:09Z",
    "requester": {"id": 501, "name": "Kim", "email": "kim@example.org", "mobile": None, "phone": "+49301234567"},
    "stats": {"first_responded_at": "2026-03-02T07:00:00Z", "resolved_at": "2026-03-07T07:01:23Z", "closed_at": None,
              "reopened_at": None, "status_updated_at": "2026-03-07T07:01:23Z", "pending_since": None},
}  # fmt: skip
TICKET_SELECT = (
    "ticket_id, updated_at, status, via, type, tags, support_email, length(requester_email_key), "
    "length(requester_phone_key), metric_first_responded_at, metric_resolved_at, metric_tells_reopened, is_spam"
)
UPDATED, REPLIED = at("2026-03-07 07:01:23"), at("2026-03-02 07:00:00")
TICKET_ROW = (
    *("7012", UPDATED, "closed", "email", "Refund", "refund;late", "help@shop.example", 64, 64),
    *(REPLIED, UPDATED, True, False),
)
TICKETS = api_cases(
    TICKET,
    ("id", "updated_at", "created_at", "status"),
    TICKET_SELECT,
    TICKET_ROW,
    newer=(
        {"updated_at": "2026-03-08T07:00:00Z", "status": 2, "spam": True},
        ("7012", at("2026-03-08 07:00:00"), "open", *TICKET_ROW[3:-1], True),
    ),
    unknown=({"status": 12, "source": 99}, ("7012", UPDATED, "12", "99", *TICKET_ROW[4:])),
    least=("7012", UPDATED, "closed", *[None] * 10),
    night=(
        {"updated_at": "2026-10-25T01:30:00Z"},
        ("7012", at("2026-10-25 01:30:00"), *TICKET_ROW[2:]),
    ),
    accents=(
        {"type": "Rückgabe", "tags": ["spät", "größe"]},
        (*TICKET_ROW[:4], "Rückgabe", "spät;größe", *TICKET_ROW[6:]),
    ),
)

CONVERSATION = {
    "id": 90001, "ticket_id": 7012, "user_id": 11, "incoming": False, "private": True, "source": 2, "category": 2,
    "created_at": "2026-03-02T07:00:00Z", "updated_at": "2026-03-02T07:00:01Z", "body": "<p>Hi</p>", "body_text": "Hi",
    "automation_id": None, "auto_response": False, "attachments": [], "from_email": "kim@example.org",
}  # fmt: skip
CONVERSATION_SELECT = (
    "conversation_id, ticket_id, created_at, updated_at, user_id, is_incoming, is_private, source, is_auto_response"
)
CONVERSATION_ROW = ("90001", "7012", REPLIED, at("2026-03-02 07:00:01"), "11", False, True, "2", False)
CONVERSATIONS = api_cases(
    CONVERSATION,
    ("id", "created_at", "ticket_id", "incoming"),
    CONVERSATION_SELECT,
    CONVERSATION_ROW,
    newer=(
        {"updated_at": "2026-03-03T07:00:00Z", "private": False},
        (*CONVERSATION_ROW[:3], at("2026-03-03 07:00:00"), "11", False, False, "2", False),
    ),
    unknown=({"source": 77, "category": 88}, (*CONVERSATION_ROW[:7], "77", False)),
    least=("90001", "7012", REPLIED, None, None, False, None, None, None),
    night=(
        {"created_at": "2026-10-25T00:30:00Z"},
        ("90001", "7012", at("2026-10-25 00:30:00"), *CONVERSATION_ROW[3:]),
    ),
    # Words are read past: whatever letters they have, none of them stays.
    accents=({"body_text": "Grüße aus Köln"}, CONVERSATION_ROW),
)

RATING = {
    "id": 1, "survey_id": 3, "user_id": 501, "agent_id": 11, "group_id": 21, "ticket_id": 7012, "feedback": " Thanks ",
    "ratings": {"default_question": 103, "question_168": -103},
    "created_at": "2026-03-07T09:00:00Z", "updated_at": "2026-03-07T09:00:00Z",
}  # fmt: skip
RATED = at("2026-03-07 09:00:00")
RATING_SELECT = "rating_id, ticket_id, agent_id, created_at, updated_at, rating, comment_length"
RATING_ROW = ("1", "7012", "11", RATED, RATED, "103", 6)
RATINGS = api_cases(
    RATING,
    ("id", "updated_at", "created_at"),
    RATING_SELECT,
    RATING_ROW,
    newer=(
        {"updated_at": "2026-03-08T09:00:00Z", "ratings": {"default_question": -101}},
        ("1", "7012", "11", RATED, at("2026-03-08 09:00:00"), "-101", 6),
    ),
    unknown=({"ratings": {"default_question": "Extremely happy"}}, (*RATING_ROW[:5], "Extremely happy", 6)),
    least=("1", None, None, RATED, RATED, None, 0),
    night=(
        {"updated_at": "2026-10-25T01:30:00Z"},
        (*RATING_ROW[:4], at("2026-10-25 01:30:00"), "103", 6),
    ),
    accents=({"feedback": "Größe"}, (*RATING_ROW[:6], 5)),
)

AGENT = {
    "id": 11, "contact": {"name": "Ana Ruiz", "email": "Ana@shop.example", "mobile": "+49301"}, "ticket_scope": 1,
    "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z", "type": "support_agent",
}  # fmt: skip
HIRED = at("2026-01-01 00:00:00")
AGENT_SELECT = "agent_id, updated_at, agent_name, agent_email, length(agent_email_key)"
AGENT_ROW = ("11", HIRED, "Ana Ruiz", "ana@shop.example", 64)
AGENTS = api_cases(
    AGENT,
    ("id", "id"),
    AGENT_SELECT,
    AGENT_ROW,
    newer=(
        {"updated_at": "2026-02-01T00:00:00Z", "contact": {"name": "Ana Sol", "email": "sol@shop.example"}},
        ("11", at("2026-02-01 00:00:00"), "Ana Sol", "sol@shop.example", 64),
    ),
    unknown="no list of values of an agent is read",
    least=("11", None, None, None, None),
    night=({"updated_at": "2026-10-25T01:30:00Z"}, ("11", at("2026-10-25 01:30:00"), *AGENT_ROW[2:])),
    accents=({"contact": {"name": "Jürgen Öz", "email": None}}, ("11", HIRED, "Jürgen Öz", None, None)),
)

GROUP = {
    "id": 21, "name": "EU Care", "agent_ids": [11], "created_at": "2026-01-01T00:00:00Z",
    "updated_at": "2026-01-01T00:00:00Z",
}  # fmt: skip
GROUPS = api_cases(
    GROUP,
    ("id", "name"),
    "group_id, name, updated_at",
    ("21", "EU Care", HIRED),
    newer=(
        {"updated_at": "2026-02-01T00:00:00Z", "name": "Team Europe"},
        ("21", "Team Europe", at("2026-02-01 00:00:00")),
    ),
    unknown="no list of values of a group is read",
    least=("21", "EU Care", None),
    night=({"updated_at": "2026-10-25T01:30:00Z"}, ("21", "EU Care", at("2026-10-25 01:30:00"))),
    accents=({"name": "Rücksendungen"}, ("21", "Rücksendungen", HIRED)),
)

CASES = {
    "tickets": TICKETS,
    "conversations": CONVERSATIONS,
    "satisfaction_ratings": RATINGS,
    "agents": AGENTS,
    "groups": GROUPS,
    "tickets_csv": TICKETS_CSV,
}
