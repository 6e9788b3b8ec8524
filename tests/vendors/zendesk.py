"""Pages of Zendesk Support as its API gives them, and records one a line as its account dump does; ugly cases."""

from __future__ import annotations

import json
from typing import Any

from tests.vendors.cases import Case

Record = dict[str, Any]
Row = tuple[Any, ...]


def _page(container: str, *records: Record) -> str:
    behind = {"count": len(records), "end_time": 1772445799, "end_of_stream": True}
    return json.dumps({container: list(records)} | behind)


def _said(record: Record, **changes: Any) -> Record:
    """The record with other values; of an event those that its child has, others of the event itself."""
    if "child_events" not in record:
        return record | changes
    [child] = record["child_events"]
    inner = {name: value for name, value in changes.items() if name in child}
    outer = {name: value for name, value in changes.items() if name not in child}
    return record | outer | {"child_events": [child | inner]}


def _cases(
    container: str,
    record: Record,
    select: str,
    row: Row,
    *,
    needed: Record,
    needed_row: Row,
    lacking: str,
    newer: tuple[Record, Row] | str,
    unknown: tuple[Record, Row | None] | str,
    letters: tuple[Record, Row] | str,
    key: str = "id",
    clock: str = "created_at",
    is_snapshot: bool = False,
) -> dict[str, Case]:
    """The cases of one stream; a text says why one is impossible. `row`: what `select`, the id first, finds of `record`
    with the id 1. `needed`: the record in its required keys, of which one file has not `lacking`. `newer`, `unknown`,
    `letters`: what is changed and the row then, null for a rejected one. `clock`: an instant, blank where none is."""

    def changed(asked: tuple[Record, Row | None] | str) -> Case:
        if isinstance(asked, str):
            return Case(impossible=asked)
        changes, found = asked
        rows, file = [found] if found else [], {"1.json": _page(container, _said(record, **changes))}
        return Case(file, (1, len(rows), 0, 1 - len(rows)), select, rows)

    def without(name: str, number: int) -> Record:
        kept = _said(record, **{key: number})
        return {field: value for field, value in kept.items() if field != name}

    other, other_row = _said(record, **{key: 2}), ("2", *row[1:])
    id_of = select.split(",")[0]
    hours = [_said(record, **{key: hour, clock: f"2026-10-25T0{hour}:30:00Z"}) for hour in (0, 1)]
    again = Case(impossible=newer) if isinstance(newer, str) else Case(
        {"1.json": _page(container, _said(record, **newer[0])), "2.json": _page(container, record)},
        (2, 2, 0, 0), select, sorted((row, newer[1])),
    )  # fmt: skip
    return {
        "happy": Case({"1.json": _page(container, record, other)}, (2, 2, 0, 0), select, [row, other_row]),
        "empty": Case({"1.json": _page(container), "2.json": ""}),
        # A list is kept as it came each time: the row that comes twice stands in both files.
        "repeated_border": Case(
            {"1.json": _page(container, record, other), "2.json": _page(container, other)},
            (3, 2, 1, 0), id_of, [("1",), ("2",), ("2",)] if is_snapshot else [("1",), ("2",)],
        ),
        "newer_version": again,
        "unknown_enum": changed(unknown),
        "all_null_row": Case(
            {"1.json": _page(container, dict.fromkeys(record), dict.fromkeys(record) | needed)},
            (2, 1, 0, 1), select, [needed_row],
        ),
        "dst_overlap": Case(
            {"1.json": _page(container, *hours)}, (2, 2, 0, 0), f"{id_of}, {clock}::varchar",
            [("0", "2026-10-25 00:30:00"), ("1", "2026-10-25 01:30:00")],
        ) if clock else Case(impossible="a holiday has days, no instants"),
        "non_ascii": changed(letters),
        "wrong_encoding": Case(
            {"1.json": _page(container, record | {"url": "Rücksendung"}).replace("\\u00fc", "ü").encode("latin-1")},
            refused=("1.json",),
        ),
        "missing_column": Case(
            {"optional.json": _page(container, needed),
             "required.json": _page(container, *(without(lacking, number) for number in range(2, 6)))},
            (1, 1, 0, 0), select, [needed_row], refused=("required.json",),
        ),
        "extra_column": Case(
            {"1.json": _page(container, record | {"mood": "sunny"}, other)}, (2, 2, 0, 0), select, [row, other_row],
            new_columns={"mood": 1},
        ),
        # What stands behind the records of a page are keys of its own; behind records one a line it is no record.
        "footer": Case(
            {"1.json": _page(container, record), "2.json": json.dumps(other) + "\n-- 1 record\n"},
            (3, 2, 0, 1), select, [row, other_row],
        ),
    }  # fmt: skip


_DATED = {"created_at": "2026-03-02T08:14:07Z", "updated_at": "2026-03-02T09:02:51Z"}
_LATER = {"updated_at": "2026-03-02T10:00:00Z"}
_NO_LIST = "no field of it has a list of values"
TICKET = _DATED | {
    "id": 1, "url": "https://x.example/1", "generated_timestamp": 1772442199, "status": "solved", "subject": "late",
    "via": {"channel": "email", "source": {"from": {"address": "kim@example.org"}}}, "tags": ["refund", "vip"],
    "requester_id": 5512345678901, "metric_set": {"reply_time_in_minutes": {"calendar": 48, "business": 3}},
}  # fmt: skip
METRIC = _DATED | {
    "id": 9, "ticket_id": 1, "reply_time_in_minutes": {"calendar": 48, "business": 3}, "replies": 2, "reopens": 0,
    "solved_at": "2026-03-02T09:02:51Z",
}  # fmt: skip
EVENT = {
    "id": 77, "ticket_id": 84211, "timestamp": 1772442171, "created_at": "2026-03-02T09:02:51Z", "updater_id": 5,
    "via": "Rule",
    "child_events": [{"id": 1, "event_type": "Change", "status": "solved", "previous_value": "open", "body": None}],
}  # fmt: skip
RATING = _DATED | {"id": 1, "ticket_id": 84211, "requester_id": 7, "score": "good", "comment": "thanks"}
USER = _DATED | {
    "id": 1, "role": "agent", "active": True, "name": "Anna Berg", "email": "Anna@Shop.example",
    "phone": "+49301234567",
}  # fmt: skip
GROUP = _DATED | {"id": 1, "name": "Orders", "deleted": False}
BRAND = _DATED | {"id": 1, "name": "Shop", "active": True}
SCHEDULE = _DATED | {
    "id": 1, "name": "Day", "time_zone": "Berlin", "intervals": [{"start_time": 1980, "end_time": 2460}],
}  # fmt: skip
HOLIDAY = {"id": 1, "name": "May day", "start_date": "2026-05-01", "end_date": "2026-05-02"}
_WEEK = '[{"start_time":1980,"end_time":2460}]'

CASES = {
    "tickets": _cases(
        "tickets", TICKET,
        "ticket_id, generated_at::varchar, status, via_channel, length(via_from_email_key), tags, "
        "metric_reply_calendar_minutes",
        ("1", "2026-03-02 09:03:19", "solved", "email", 64, "refund;vip", 48),
        needed=_DATED | {"id": 1, "status": "open"}, lacking="status",
        # Without the instant of the export it is the one of the update.
        needed_row=("1", "2026-03-02 09:02:51", "open", None, None, None, None),
        newer=({"generated_timestamp": 1772445799, "tags": []},
               ("1", "2026-03-02 10:03:19", "solved", "email", 64, None, 48)),
        unknown=({"status": "pondering"}, None),
        letters=({"tags": ["rückgabe", "返品"]},
                 ("1", "2026-03-02 09:03:19", "solved", "email", 64, "rückgabe;返品", 48)),
    ),
    "ticket_metrics": _cases(
        "ticket_metrics", METRIC,
        "ticket_id, updated_at::varchar, metric_reply_business_minutes, metric_replies, metric_solved_at::varchar",
        ("1", "2026-03-02 09:02:51", 3, 2, "2026-03-02 09:02:51"), key="ticket_id",
        needed={"ticket_id": 1} | _LATER, needed_row=("1", "2026-03-02 10:00:00", None, None, None),
        lacking="updated_at",
        newer=(_LATER | {"replies": 3}, ("1", "2026-03-02 10:00:00", 3, 3, "2026-03-02 09:02:51")),
        unknown=_NO_LIST, letters="it holds numbers and instants, no text",
    ),
    "ticket_events": _cases(
        "ticket_events", EVENT, "event_id, audit_id, ticket_id, kind, via_channel, status, previous_status",
        ("1", "77", "84211", "Change", "rule", "solved", "open"),
        needed={"ticket_id": 84211, "timestamp": 1772442171, "child_events": [{"id": 1, "event_type": "Comment"}]},
        needed_row=("1", None, "84211", "Comment", None, None, None), lacking="ticket_id",
        newer="an event never changes", unknown=({"status": "pondering"}, None),
        # What was written is not kept.
        letters=({"body": "schön 返品"}, ("1", "77", "84211", "Change", "rule", "solved", "open")),
    ),
    "satisfaction_ratings": _cases(
        "satisfaction_ratings", RATING, "rating_id, ticket_id, requester_id, score, updated_at::varchar",
        ("1", "84211", "7", "good", "2026-03-02 09:02:51"),
        needed=_DATED | {"id": 1, "score": "offered"}, lacking="score",
        needed_row=("1", None, None, "offered", "2026-03-02 09:02:51"),
        newer=(_LATER | {"score": "bad"}, ("1", "84211", "7", "bad", "2026-03-02 10:00:00")),
        unknown=({"score": "meh"}, None),
        # What was written is not kept.
        letters=({"comment": "schön 返品"}, ("1", "84211", "7", "good", "2026-03-02 09:02:51")),
    ),
    "users": _cases(
        "users", USER, "user_id, role, is_active, agent_email, agent_name, length(email_key), length(phone_key)",
        ("1", "agent", True, "anna@shop.example", "Anna Berg", 64, 64),
        needed={"id": 1, "role": "agent"} | _LATER, needed_row=("1", "agent", *[None] * 5), lacking="role",
        newer=(_LATER | {"active": False}, ("1", "agent", False, "anna@shop.example", "Anna Berg", 64, 64)),
        # Who is not known to be an agent is kept as a customer is.
        unknown=({"role": "robot"}, ("1", "robot", True, None, None, 64, 64)),
        letters=({"name": "Zoë 返品"}, ("1", "agent", True, "anna@shop.example", "Zoë 返品", 64, 64)),
    ),
    "groups": _cases(
        "groups", GROUP, "group_id, name, is_deleted", ("1", "Orders", False), is_snapshot=True,
        needed={"id": 1, "name": "Orders"}, needed_row=("1", "Orders", None), lacking="name",
        newer=(_LATER | {"deleted": True}, ("1", "Orders", True)),
        unknown=_NO_LIST, letters=({"name": "Rückgabe 返品"}, ("1", "Rückgabe 返品", False)),
    ),
    "brands": _cases(
        "brands", BRAND, "brand_id, name, is_active", ("1", "Shop", True), is_snapshot=True,
        needed={"id": 1, "name": "Shop"}, needed_row=("1", "Shop", None), lacking="name",
        newer=(_LATER | {"active": False}, ("1", "Shop", False)),
        unknown=_NO_LIST, letters=({"name": "Möbel 返品"}, ("1", "Möbel 返品", True)),
    ),
    "schedules": _cases(
        "schedules", SCHEDULE, "schedule_id, name, time_zone, intervals", ("1", "Day", "Europe/Berlin", _WEEK),
        needed={"id": 1, "time_zone": "Lima"}, needed_row=("1", None, "America/Lima", None), lacking="time_zone",
        newer=(_LATER | {"intervals": []}, ("1", "Day", "Europe/Berlin", "[]")), is_snapshot=True,
        unknown=({"time_zone": "Atlantis"}, None),
        letters=({"name": "Früh 返品"}, ("1", "Früh 返品", "Europe/Berlin", _WEEK)),
    ),
    "holidays": _cases(
        "holidays", HOLIDAY, "holiday_id, name, start_date::varchar, end_date::varchar",
        ("1", "May day", "2026-05-01", "2026-05-02"), clock="", is_snapshot=True,
        needed={"id": 1, "start_date": "2026-05-01", "end_date": "2026-05-01"},
        needed_row=("1", None, "2026-05-01", "2026-05-01"), lacking="start_date",
        newer=({"end_date": "2026-05-03"}, ("1", "May day", "2026-05-01", "2026-05-03")),
        unknown=_NO_LIST, letters=({"name": "Zoë 返品"}, ("1", "Zoë 返品", "2026-05-01", "2026-05-02")),
    ),
}  # fmt: skip
