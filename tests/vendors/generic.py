"""One row of each canonical CSV stream, as a tool of its own would export it, and what is kept of it; ugly cases."""

from __future__ import annotations

from tests.vendors.generic_lines import cases_of

_T, _AT = "2026-03-02T08:00:00Z", "2026-03-02 08:00:00"
_SAVED, _LATER = {"updated_at": "2026-03-02T09:00:00Z"}, {"updated_at": "2026-03-02T10:00:00Z"}
_ANA = "ana@shop.example"
_PEOPLE = (_ANA, "ben@shop.example", "cem@shop.example")
TICKET = _SAVED | {
    "ticket_id": "1", "created_at": _T, "status": "open", "channel": "email", "subject": "late", "team": "Orders",
    "assignee_email": "Ana@Shop.example", "requester_email": "kim@example.org", "requester_phone": "+49301234567",
    "tags": "refund;vip", "reopens": "1", "solved_at": "",
}  # fmt: skip
CHANGE = _SAVED | {"ticket_id": "1", "changed_at": _T, "status": "open", "actor_email": "kim@example.org"}
MESSAGE = _SAVED | {
    "message_id": "1", "ticket_id": "7", "sent_at": _T, "author_type": "agent", "is_public": "true",
    "author_email": "Ana@Shop.example", "team": "Orders", "body": "Dear Kim",
}  # fmt: skip
CALL = _SAVED | {
    "call_id": "1", "arrived_at": _T, "direction": "inbound", "outcome": "answered", "stage_reached": "agent",
    "queue": "Orders", "queued_at": "2026-03-02T08:00:10Z", "answered_at": "2026-03-02T09:00:40+01:00",
    "ended_at": "2026-03-02T08:05:00Z", "talk_seconds": "240.5", "agent_email": _ANA, "caller_phone": "+49301234567",
    "escalated": "no",
}  # fmt: skip
SURVEY = _SAVED | {
    "response_id": "1", "survey_type": "csat", "question_id": "q1", "question": "Happy?", "scale_min": "1",
    "scale_max": "5", "score": "4", "comment": "too slow", "comment_length": "8", "offered_at": _T, "answered_at": _T,
    "agent_email": "Ana@Shop.example",
}  # fmt: skip
EVALUATION = _SAVED | {
    "evaluation_id": "1", "version": "2", "evaluated_at": _T, "item": "tone", "weight": "1.5", "result": "pass",
    "agent_email": "Ana@Shop.example", "is_calibration": "yes",
}  # fmt: skip
EMPLOYEE = _SAVED | {
    "response_id": "1", "round_date": "2026-03-02", "team": "Care", "question": "Tools?", "scale_min": "0",
    "scale_max": "10", "score": "8",
}  # fmt: skip
PLAN = _SAVED | {
    "agent_email": _ANA, "starts_at": _T, "ends_at": "2026-03-02T09:30:00Z", "activity_class": "productive",
    "activity": "Calls", "published_at": "2026-02-20T12:00:00Z",
}  # fmt: skip
STATUS = _SAVED | {
    "agent_email": _ANA, "starts_at": _T, "ends_at": "2026-03-02T09:30:00Z", "status_class": "on_contact",
    "status": "Call",
}  # fmt: skip
ORDER = _SAVED | {
    "order_id": "1", "line_id": "a", "ordered_at": _T, "marketplace": "shop", "status": "shipped", "product_id": "p1",
    "quantity": "2", "unit_price": "19.75", "currency": "EUR", "sector": "Toys", "customer_email": "kim@example.org",
}  # fmt: skip
DEFECT = _SAVED | {
    "order_id": "1", "marketplace": "shop", "defect_type": "a_to_z", "status": "open", "opened_at": _T,
}  # fmt: skip
RATING = _SAVED | {"rating_id": "1", "rated_at": _T, "stars": "5", "brand": "Shop", "order_id": "7"}
REMEDY = _SAVED | {"remedy_id": "1", "remedy_type": "refund", "delivered_at": _T, "ticket_id": "7", "order_id": "9"}

CASES = {
    "tickets": cases_of(
        TICKET,
        "ticket_id, created_at::varchar, status, team, assignee_email, length(requester_email_key), "
        "length(requester_phone_key), tags, reopens",
        ("1", _AT, "open", "Orders", _ANA, 64, 64, "refund;vip", 1),
        key="ticket_id", clock="created_at", needed="ticket_id created_at updated_at status channel",
        needed_row=("1", _AT, "open", *[None] * 6),
        newer=(_LATER | {"status": "solved"}, ("1", _AT, "solved", "Orders", _ANA, 64, 64, "refund;vip", 1)),
        unknown=({"status": "pondering"}, None),
        letters=({"team": "Rückgabe 返品"}, ("1", _AT, "open", "Rückgabe 返品", _ANA, 64, 64, "refund;vip", 1)),
    ),
    "ticket_status_changes": cases_of(
        CHANGE, "ticket_id, changed_at::varchar, status, updated_at::varchar, length(actor_email_key)",
        ("1", _AT, "open", "2026-03-02 09:00:00", 64),
        key="ticket_id", clock="changed_at", needed="ticket_id changed_at status",
        needed_row=("1", _AT, "open", None, None),
        newer=(_LATER, ("1", _AT, "open", "2026-03-02 10:00:00", 64)),
        unknown=({"status": "pondering"}, None),
        letters=({"ticket_id": "Rückgabe 返品"}, ("Rückgabe 返品", _AT, "open", "2026-03-02 09:00:00", 64)),
    ),
    "messages": cases_of(
        MESSAGE, "message_id, ticket_id, sent_at::varchar, author_type, is_public, author_email, "
        "length(author_email_key), team",
        ("1", "7", _AT, "agent", True, _ANA, 64, "Orders"),
        key="message_id", clock="sent_at", needed="message_id ticket_id sent_at author_type is_public",
        needed_row=("1", "7", _AT, "agent", True, None, None, None),
        newer=(_LATER | {"is_public": "0"}, ("1", "7", _AT, "agent", False, _ANA, 64, "Orders")),
        unknown=({"author_type": "ghost"}, None),
        letters=({"team": "Rückgabe 返品"}, ("1", "7", _AT, "agent", True, _ANA, 64, "Rückgabe 返品")),
    ),
    "calls": cases_of(
        CALL, "call_id, answered_at::varchar, outcome, stage_reached, queue, talk_seconds::double, agent_email, "
        "length(caller_phone_key), escalated",
        ("1", "2026-03-02 08:00:40", "answered", "agent", "Orders", 240.5, _ANA, 64, False),
        key="call_id", clock="arrived_at", needed="call_id arrived_at direction outcome stage_reached",
        needed_row=("1", None, "answered", "agent", *[None] * 5),
        newer=(_LATER | {"talk_seconds": "241"},
               ("1", "2026-03-02 08:00:40", "answered", "agent", "Orders", 241.0, _ANA, 64, False)),
        unknown=({"outcome": "evaporated"}, None),
        letters=({"queue": "Rückruf 返品"},
                 ("1", "2026-03-02 08:00:40", "answered", "agent", "Rückruf 返品", 240.5, _ANA, 64, False)),
    ),
    "survey_responses": cases_of(
        SURVEY, "response_id, survey_type, question, score::double, comment_length, answered_at::varchar, agent_email",
        ("1", "csat", "Happy?", 4.0, 8, _AT, _ANA),
        key="response_id", clock="offered_at",
        needed="response_id survey_type question_id scale_min scale_max offered_at",
        needed_row=("1", "csat", *[None] * 5),
        newer=(_LATER | {"score": "5"}, ("1", "csat", "Happy?", 5.0, 8, _AT, _ANA)),
        unknown=({"survey_type": "moods"}, None),
        letters=({"question": "Wie schön? 返品"}, ("1", "csat", "Wie schön? 返品", 4.0, 8, _AT, _ANA)),
    ),
    "evaluations": cases_of(
        EVALUATION, "evaluation_id, version, item, weight::double, result, agent_email, is_calibration",
        ("1", 2, "tone", 1.5, "pass", _ANA, True),
        key="evaluation_id", clock="evaluated_at", needed="evaluation_id version evaluated_at item weight result",
        needed_row=("1", 2, "tone", 1.5, "pass", None, None),
        newer=({"version": "3", "result": "fail"}, ("1", 3, "tone", 1.5, "fail", _ANA, True)),
        unknown=({"result": "splendid"}, None),
        letters=({"item": "Begrüßung 返品"}, ("1", 2, "Begrüßung 返品", 1.5, "pass", _ANA, True)),
    ),
    "employee_survey_responses": cases_of(
        EMPLOYEE, "response_id, round_date::varchar, team, question, score::double",
        ("1", "2026-03-02", "Care", "Tools?", 8.0),
        key="response_id", clock="updated_at", needed="response_id round_date team question scale_min scale_max score",
        needed_row=("1", "2026-03-02", "Care", "Tools?", 8.0),
        newer=(_LATER | {"score": "9"}, ("1", "2026-03-02", "Care", "Tools?", 9.0)),
        unknown="no column of it has a list of values",
        letters=({"question": "Büro? 返品"}, ("1", "2026-03-02", "Care", "Büro? 返品", 8.0)),
    ),
    "schedule_intervals": cases_of(
        PLAN, "agent_email, starts_at::varchar, ends_at::varchar, activity_class, activity, length(agent_email_key)",
        (_ANA, _AT, "2026-03-02 09:30:00", "productive", "Calls", 64),
        key="agent_email", ids=_PEOPLE, clock="ends_at", needed="agent_email starts_at ends_at activity_class",
        needed_row=(_ANA, _AT, "2026-03-02 09:30:00", "productive", None, 64),
        newer=(_LATER | {"ends_at": "2026-03-02T10:00:00Z"},
               (_ANA, _AT, "2026-03-02 10:00:00", "productive", "Calls", 64)),
        unknown=({"activity_class": "juggling"}, None),
        letters=({"activity": "Rückruf 返品"},
                 (_ANA, _AT, "2026-03-02 09:30:00", "productive", "Rückruf 返品", 64)),
    ),
    "status_intervals": cases_of(
        STATUS, "agent_email, starts_at::varchar, ends_at::varchar, status_class, status, length(agent_email_key)",
        (_ANA, _AT, "2026-03-02 09:30:00", "on_contact", "Call", 64),
        key="agent_email", ids=_PEOPLE, clock="ends_at", needed="agent_email starts_at status_class",
        needed_row=(_ANA, _AT, None, "on_contact", None, 64),
        newer=(_LATER | {"ends_at": "2026-03-02T10:00:00Z"},
               (_ANA, _AT, "2026-03-02 10:00:00", "on_contact", "Call", 64)),
        unknown=({"status_class": "juggling"}, None),
        letters=({"status": "Gespräch 返品"}, (_ANA, _AT, "2026-03-02 09:30:00", "on_contact", "Gespräch 返品", 64)),
    ),
    "order_lines": cases_of(
        ORDER, "order_id, line_id, status, quantity::double, unit_price::double, currency, sector, "
        "length(customer_email_key)",
        ("1", "a", "shipped", 2.0, 19.75, "EUR", "Toys", 64),
        key="order_id", clock="ordered_at",
        needed="order_id line_id ordered_at marketplace status product_id quantity unit_price currency",
        needed_row=("1", "a", "shipped", 2.0, 19.75, "EUR", None, None),
        newer=(_LATER | {"status": "delivered"}, ("1", "a", "delivered", 2.0, 19.75, "EUR", "Toys", 64)),
        unknown=({"status": "returned"}, None),
        letters=({"sector": "Möbel 返品"}, ("1", "a", "shipped", 2.0, 19.75, "EUR", "Möbel 返品", 64)),
    ),
    "order_defects": cases_of(
        DEFECT, "order_id, marketplace, defect_type, status, opened_at::varchar, updated_at is null",
        ("1", "shop", "a_to_z", "open", _AT, False),
        key="order_id", clock="opened_at", needed="order_id marketplace defect_type status opened_at",
        needed_row=("1", "shop", "a_to_z", "open", _AT, True),
        newer=(_LATER | {"status": "granted"}, ("1", "shop", "a_to_z", "granted", _AT, False)),
        unknown=({"defect_type": "late"}, None),
        letters=({"marketplace": "Möbelhaus 返品"}, ("1", "Möbelhaus 返品", "a_to_z", "open", _AT, False)),
    ),
    "ratings": cases_of(
        RATING, "rating_id, rated_at::varchar, stars, brand, order_id", ("1", _AT, 5, "Shop", "7"),
        key="rating_id", clock="rated_at", needed="rating_id rated_at stars",
        needed_row=("1", _AT, 5, None, None),
        newer=(_LATER | {"stars": "2"}, ("1", _AT, 2, "Shop", "7")),
        unknown=({"stars": "6"}, None),
        letters=({"brand": "Möbelhaus 返品"}, ("1", _AT, 5, "Möbelhaus 返品", "7")),
    ),
    "remedies": cases_of(
        REMEDY, "remedy_id, remedy_type, delivered_at::varchar, ticket_id, order_id", ("1", "refund", _AT, "7", "9"),
        key="remedy_id", clock="delivered_at", needed="remedy_id remedy_type delivered_at",
        needed_row=("1", "refund", _AT, None, None),
        newer=(_LATER | {"remedy_type": "replacement"}, ("1", "replacement", _AT, "7", "9")),
        unknown=({"remedy_type": "voucher"}, None),
        letters=({"order_id": "Rückgabe 返品"}, ("1", "refund", _AT, "7", "Rückgabe 返品")),
    ),
}  # fmt: skip
