"""Rows and files with one defect each, to be planted in a centre as an export of a bad day would hold them.

Not here: which check must see them (defects).
"""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Callable

import duckdb

from tests.faults.small_centre import Centre

Row = dict[str, object]

CALL = {
    "call_id": "PLANTED",
    "direction": "inbound",
    "outcome": "answered",
    "stage_reached": "agent",
    "queue": "hotline",
}
TICKET = {"ticket_id": "PLANTED", "status": "open", "channel": "email", "issue_type": "refund_status"}
MESSAGE = {"message_id": "PLANTED", "ticket_id": "PLANTED", "author_type": "agent", "is_public": "true"}
SURVEY = {
    "response_id": "PLANTED",
    "survey_type": "csat",
    "question_id": "q",
    "scale_min": 1,
    "scale_max": 5,
    "score": 4,
}
EVALUATION = {"evaluation_id": "PLANTED", "version": 1, "item": "greeting", "weight": 1, "result": "pass"}
LINE = {
    "order_id": "PLANTED",
    "line_id": 1,
    "marketplace": "shop",
    "status": "shipped",
    "product_id": "p",
    "quantity": 1,
}
LOST_ZONE = (
    '{"id":9,"name":"Lost","time_zone":"Atlantis","intervals":[{"start_time":1980,"end_time":2700}],'
    '"created_at":"2026-01-21T00:00:00Z","updated_at":"2026-01-21T00:00:00Z"},'
)
ONE_GROUP = (
    '{"groups":[{"id":990,"name":"Customer Care","deleted":false,"created_at":"2026-01-21T00:00:00Z",'
    '"updated_at":"2026-01-21T00:00:00Z"}],"next_page":null}'
)


def call(centre: Centre, arrived: float = -30, **cells: object) -> Row:
    """An answered call that arrived so many hours before the end."""
    hours = {"arrived_at": arrived, "queued_at": arrived, "answered_at": arrived + 0.01, "ended_at": arrived + 0.1}
    instants = {name: centre.at(hour) for name, hour in hours.items()}
    return {**CALL, "queue": "hotline", **instants, "talk_seconds": 300, "issue_type": "refund_status", **cells}


def ticket(centre: Centre, **cells: object) -> Row:
    return {**TICKET, "created_at": centre.at(-30), "updated_at": centre.at(-20), **cells}


def message(centre: Centre, **cells: object) -> Row:
    return {**MESSAGE, "sent_at": centre.at(-25), "author_email": "ann@shop.example", **cells}


def change(centre: Centre, hours: float, **cells: object) -> Row:
    return {"ticket_id": "PLANTED", "changed_at": centre.at(hours), "status": "open", **cells}


def survey(centre: Centre, **cells: object) -> Row:
    return {**SURVEY, "score": 4, "offered_at": centre.at(-30), "answered_at": centre.at(-20), **cells}


def evaluation(centre: Centre, **cells: object) -> Row:
    return {**EVALUATION, "evaluated_at": centre.at(-20), **cells}


def remedy(centre: Centre, **cells: object) -> Row:
    return {"remedy_id": "PLANTED", "remedy_type": "refund", "delivered_at": centre.at(-20), **cells}


def claim(centre: Centre, **cells: object) -> Row:
    known = {"marketplace": "shop", "defect_type": "a_to_z", "status": "open", "opened_at": centre.at(-20)}
    return {**known, **cells}


def line(centre: Centre, **cells: object) -> Row:
    return {**LINE, "quantity": 1, "unit_price": 9, "currency": "EUR", "ordered_at": centre.at(-60), **cells}


def status(centre: Centre, starts: float, ends: float) -> Row:
    instants = {"starts_at": centre.at(starts), "ends_at": centre.at(ends)}
    return {"agent_email": "planted@shop.example", **instants, "status_class": "available"}


def log(centre: Centre, *lines: tuple[float, str]) -> None:
    """A queue log of its own: hours after the end, and the rest of the line."""
    text = "".join(f"{centre.epoch(hours)}|{rest}\n" for hours, rest in lines)
    centre.write("asterisk/queue_log/planted", text)


def entered(number: int) -> str:
    return f"p{number}|support_de|NONE|ENTERQUEUE||+1555000111{number}|1"


def clock_set_back(centre: Centre) -> None:
    gone = "p{}|support_de|NONE|ABANDON|1|1|360"
    log(centre, (-30, entered(1)), (-29.9, gone.format(1)), (-30.4, entered(2)), (-30.3, gone.format(2)))


def forgotten_agent(centre: Centre) -> None:
    who = "p1|support_de|Nova Newcomer"
    log(centre, (-30, entered(1)), (-29.99, f"{who}|CONNECT|36|p1.2|3"), (-29.9, f"{who}|COMPLETECALLER|36|324|1"))


def reply_before_request(centre: Centre) -> None:
    centre.rows("tickets", ticket(centre))
    centre.rows("messages", message(centre, sent_at=centre.at(-31)))


def change_before_creation(centre: Centre) -> None:
    centre.rows("tickets", ticket(centre))
    centre.rows("ticket_status_changes", change(centre, -31))


def schedule_of_atlantis(centre: Centre) -> None:
    known = min((centre.landing / "zendesk" / "schedules").iterdir()).read_text()
    centre.write("zendesk/schedules/planted.json", known.replace('"schedules":[', '"schedules":[' + LOST_ZONE))


def cut_archive(centre: Centre) -> None:
    newest = max((centre.landing / "zendesk" / "tickets").iterdir())
    centre.write("zendesk/tickets/planted.json.gz", gzip.compress(newest.read_bytes() + b" ")[:-20])


def row_lost_by_hand(centre: Centre) -> None:
    """Somebody edits the manifest: a loaded row is counted nowhere."""
    manifest = sqlite3.connect(centre.manifest)
    with manifest:
        manifest.execute("update contents set rows_loaded = rows_loaded - 1 where load_no = 1")
    manifest.close()


def twice(table: str) -> Callable[[duckdb.DuckDBPyConnection], object]:
    return lambda con: con.execute(f"insert into main.{table} select * from main.{table} limit 1")
