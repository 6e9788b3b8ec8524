"""Exports whose every value says which column it belongs to, of the shapes that vendors give: the raw material of the
faults of input. What is done to them, and what must come of it, is for the faults to say.

A text begins with the name of its lake column, an instant has minute and second of its column's number, a number is so
many times 111: no slip of one byte turns one column's value into another's.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

TEXT, INSTANT, NUMBER, EMAIL = "text", "instant", "number", "email"


@dataclass(frozen=True)
class Export:
    """`columns`: lake column -> kind, or the values it may have. `paths`: where a JSON record has it, if elsewhere."""

    source: str
    stream: str
    shape: str
    key: str
    columns: dict[str, str | tuple[str, ...]]
    paths: dict[str, str]

    @property
    def folder(self) -> str:
        return f"{self.source}/{self.stream}"

    @property
    def suffix(self) -> str:
        return {"csv": ".csv", "log": ""}.get(self.shape, ".json")

    def place(self, column: str) -> int:
        """The column's number among those of its kind, from 1."""
        return [c for c, kind in self.columns.items() if kind == self.columns[column]].index(column) + 1

    def value(self, column: str, n: int) -> str:
        kind = self.columns[column]
        if isinstance(kind, tuple):
            return kind[n % len(kind)]
        if kind == INSTANT:
            return f"2026-{1 + n // 28 % 12:02d}-{1 + n % 28:02d}T08:{self.place(column):02d}:{self.place(column):02d}Z"
        if kind == NUMBER:
            return str(111 * self.place(column))
        return f"{column}~{n}" + ("@staff.example" if kind == EMAIL else "")

    def row(self, n: int) -> dict[str, str]:
        return {column: self.value(column, n) for column in self.columns}

    def record(self, row: dict[str, str]) -> dict[str, Any]:
        """The row as the vendor's JSON has it."""
        record: dict[str, Any] = {}
        for column, value in row.items():
            *outer, last = self.paths.get(column, column).split(".")
            inner = record
            for part in outer:
                inner = inner.setdefault(part, {})
            inner[last] = value
        return record

    def belongs_to(self, value: Any) -> str | None:
        """The column whose value this is, None where it cannot be told."""
        if isinstance(value, str) and value.isdecimal() and self.shape == "log":
            value = int(value)
        if isinstance(value, str):
            name = value.split("~", 1)[0]
            return name if self.columns.get(name) in (TEXT, EMAIL) and "~" in value else None
        places = {}
        if isinstance(value, datetime) and value.minute == value.second:
            places = {self.place(c): c for c, kind in self.columns.items() if kind == INSTANT}
            return places.get(value.minute)
        if isinstance(value, Decimal | int) and not isinstance(value, bool) and value % 111 == 0:
            places = {self.place(c): c for c, kind in self.columns.items() if kind == NUMBER}
            return places.get(int(value) // 111)
        return None

    def swapped(self, row: dict[str, Any]) -> list[str]:
        """Columns of a lake row that hold another column's value."""
        return [c for c in self.columns if (owner := self.belongs_to(row.get(c))) is not None and owner != c]


def csv_text(rows: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def good_text(export: Export, rows: list[dict[str, str]], form: str = "") -> str:
    """`form` of JSON: lines, page, array or concatenated."""
    if export.shape == "csv":
        return csv_text([list(export.columns), *(list(row.values()) for row in rows)])
    if export.shape == "log":
        return "".join("|".join(row.values()) + "\n" for row in rows)
    return json_text([export.record(row) for row in rows], form, export.stream)


def json_text(records: list[Any], form: str, container: str) -> str:
    match form:
        case "page":
            return json.dumps({container: records, "count": len(records)})
        case "array":
            return json.dumps(records, indent=1)
        case "concatenated":
            return "".join(json.dumps(record) for record in records)
        case _:
            return "".join(json.dumps(record) + "\n" for record in records)


def _export(source: str, stream: str, shape: str, key: str, paths: dict[str, str] | None = None, **columns) -> Export:
    return Export(source, stream, shape, key, columns, paths or {})


CALLS = _export(
    "generic", "calls", "csv", "call_id", call_id=TEXT, arrived_at=INSTANT, direction=("inbound",),
    outcome=("answered",), stage_reached=("agent",), queue=TEXT, team=TEXT, queued_at=INSTANT, answered_at=INSTANT,
    ended_at=INSTANT, talk_seconds=NUMBER, hold_seconds=NUMBER, wrap_up_seconds=NUMBER, agent_email=EMAIL,
    ticket_id=TEXT, disposition=TEXT, issue_type=TEXT, issue_category=TEXT, escalation_reason=TEXT, updated_at=INSTANT,
)  # fmt: skip
TICKETS = _export(
    "generic", "tickets", "csv", "ticket_id", ticket_id=TEXT, created_at=INSTANT, updated_at=INSTANT,
    status=("open", "solved", "closed"), channel=TEXT, subject_type=TEXT, priority=TEXT, brand=TEXT, team=TEXT,
    assignee_email=EMAIL, product=TEXT, tags=TEXT, order_id=TEXT, first_replied_at=INSTANT, solved_at=INSTANT,
    reopens=NUMBER, public_replies=NUMBER,
)  # fmt: skip
MESSAGES = _export(
    "generic", "messages", "csv", "message_id", message_id=TEXT, ticket_id=TEXT, sent_at=INSTANT,
    author_type=("agent",), is_public=("true", "false"), author_email=EMAIL, team=TEXT, resource_used=TEXT,
    updated_at=INSTANT,
)  # fmt: skip
ORDER_LINES = _export(
    "generic", "order_lines", "csv", "order_id", order_id=TEXT, line_id=TEXT, ordered_at=INSTANT, marketplace=TEXT,
    status=("open", "shipped"), product_id=TEXT, quantity=NUMBER, unit_price=NUMBER, currency=TEXT, sector=TEXT,
    ship_by=INSTANT, shipped_at=INSTANT, delivered_at=INSTANT,
)  # fmt: skip
ZENDESK_TICKETS = _export(
    "zendesk", "tickets", "json", "ticket_id", {"ticket_id": "id", "via_channel": "via.channel",
                                                "via_rel": "via.source.rel"},
    ticket_id=TEXT, created_at=INSTANT, updated_at=INSTANT, status=("open", "solved", "hold"), via_channel=TEXT,
    via_rel=TEXT, recipient=TEXT, requester_id=TEXT, submitter_id=TEXT, assignee_id=TEXT, group_id=TEXT, brand_id=TEXT,
    priority=TEXT, type=TEXT, tags=TEXT,
)  # fmt: skip
CONTACT_RECORDS = _export(
    "amazon_connect", "contact_records", "json", "contact_id",
    {"contact_id": "ContactId", "initial_contact_id": "InitialContactId", "channel": "Channel",
     "initiation_method": "InitiationMethod", "initiated_at": "InitiationTimestamp", "queue_name": "Queue.Name",
     "enqueued_at": "Queue.EnqueueTimestamp", "connected_to_agent_at": "Agent.ConnectedToAgentTimestamp",
     "disconnected_at": "DisconnectTimestamp", "last_updated_at": "LastUpdateTimestamp",
     "agent_username": "Agent.Username", "interaction_seconds": "Agent.AgentInteractionDuration",
     "hold_seconds": "Agent.CustomerHoldDuration", "ticket_id": "Attributes.ticket_id"},
    contact_id=TEXT, initial_contact_id=TEXT, channel=("VOICE",), initiation_method=("INBOUND",), initiated_at=INSTANT,
    queue_name=TEXT, enqueued_at=INSTANT, connected_to_agent_at=INSTANT, disconnected_at=INSTANT,
    last_updated_at=INSTANT, agent_username=TEXT, interaction_seconds=NUMBER, hold_seconds=NUMBER, ticket_id=TEXT,
)  # fmt: skip
QUEUE_LOG = _export(
    "asterisk", "queue_log", "log", "call_id", logged_at=("1767254400", "1767254461"), call_id=TEXT, queue=TEXT,
    agent=TEXT, event=("CONNECT", "COMPLETECALLER", "ABANDON"), data1=NUMBER, data2=NUMBER, data3=NUMBER,
)  # fmt: skip

CSV_EXPORTS = (CALLS, TICKETS, MESSAGES, ORDER_LINES)
JSON_EXPORTS = (ZENDESK_TICKETS, CONTACT_RECORDS)
EXPORTS = (*CSV_EXPORTS, *JSON_EXPORTS, QUEUE_LOG)
FORMS = {"zendesk/tickets": ("lines", "page", "array", "concatenated"), "amazon_connect/contact_records":
         ("concatenated", "lines")}  # fmt: skip
