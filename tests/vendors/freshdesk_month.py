"""A simulated month as Freshdesk tells it: by pages of its API, and by its CSV export.

`knowable` is the month as far as Freshdesk knows it, still in the generic spelling; both sides are made of that.
Exports come in pages with repeated borders, the newest of which are read first.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.vendors.parity import Files, Month, as_csv

Row = dict[str, str]
PAGE = 40
ZONE = "Europe/Berlin"
#: A channel of the simulated shop -> one that Freshdesk has, by its name in channels.csv.
VIAS = {"amazon": "email", "shop": "portal", "ebay": "chat", "facebook_messenger": "feedback_widget",
        "whatsapp": "email", "phone": "phone"}  # fmt: skip
SOURCES = {"email": 1, "portal": 2, "phone": 3, "chat": 7, "feedback_widget": 9, "outbound_email": 10}
STATUSES = {"open": 2, "pending": 3, "solved": 4, "closed": 5, "hold": 7, "spam": 2, "deleted": 2}
LABELS = {"open": "Open", "pending": "Waiting on Customer", "solved": "Resolved", "closed": "Closed",
          "hold": "Waiting on Third Party"}  # fmt: skip
PRIORITIES = {"low": 1, "medium": 2, "high": 3, "urgent": 4, "": None}
SCORES = {"1": -103, "2": -101, "3": 100, "4": 101, "5": 103}


def knowable(month: Month) -> Month:
    """New tickets are open, merged ones closed, several reopenings one, and agents write e-mail. The first words of a
    ticket are no conversation. Ratings are of tickets, and there are none without an answer."""
    tickets = [_knowable(row) for row in month.streams["tickets"]]
    opened = {(row["ticket_id"], row["created_at"], "customer") for row in tickets}
    said = [
        row for row in month.streams["messages"] if (row["ticket_id"], row["sent_at"], row["author_type"]) not in opened
    ]
    messages = [row | {"message_id": row["message_id"].replace("-", "0")} for row in said]
    rated = [r for r in month.streams["survey_responses"] if r["survey_type"] == "csat" and r["answered_at"]]
    ratings = [
        row
        | {"response_id": str(n), "question_id": "default_question", "question": "", "score": str(SCORES[row["score"]])}
        | {"scale_min": "-103", "scale_max": "103", "contact_id": f"generic/tickets/{tickets[n]['ticket_id']}"}
        | {"channel": "", "brand": "", "issue_type": ""}
        for n, row in enumerate(rated)
    ]
    return Month({"tickets": tickets, "messages": messages, "survey_responses": ratings})


def _knowable(row: Row) -> Row:
    status = {"new": "open", "merged": "closed"}.get(row["status"], row["status"])
    was_reopened = row["reopens"] != "0"
    return row | {
        "status": status,
        "channel": "outbound_email" if row["created_by"] == "agent" else VIAS[row["channel"]],
        "priority": row["priority"].replace("normal", "medium"),
        "reopens": str(int(was_reopened)),
    }


def without_second_resolves(month: Month) -> Month:
    """Of a ticket that was reopened and is closed by now, the API keeps the first resolve only."""
    rows = [row | {"solved_at": ""} if _lost_its_resolve(row) else row for row in month.streams["tickets"]]
    return Month(month.streams | {"tickets": rows})


def with_last_resolves(month: Month) -> Month:
    """The CSV export shows one resolve, the last; it has no spam, and does not say that a ticket was reopened."""
    rows = [
        row | {"first_solved_at": row["solved_at"], "reopens": ""}
        for row in month.streams["tickets"]
        if row["status"] not in ("spam", "deleted")
    ]
    return Month(month.streams | {"tickets": rows})


def _lost_its_resolve(row: Row) -> bool:
    return row["status"] == "closed" and row["reopens"] == "1"


class Freshdesk:
    """The account that the month happened in: who has which id."""

    def __init__(self, month: Month) -> None:
        self.month = month
        rows = [row for stream in month.streams.values() for row in stream]
        emails = {row.get(name) for row in rows for name in ("assignee_email", "author_email", "agent_email")}
        self.agents = {email: 100 + n for n, email in enumerate(sorted(filter(None, emails)))}
        self.groups = {name: 20 + n for n, name in enumerate(sorted({row["team"] for row in rows if row.get("team")}))}
        people = sorted({row["requester_email"] for row in month.streams["tickets"]})
        self.people = {email: 5000 + n for n, email in enumerate(people)}

    def api(self) -> Files:
        streams = {
            "tickets": [self._ticket(row) for row in _by_update(self.month.streams["tickets"])],
            "conversations": [self._conversation(row) for row in self.month.streams["messages"]],
            "satisfaction_ratings": [self._rating(row) for row in self.month.streams["survey_responses"]],
            "groups": [{"id": id, "name": name} | _dated() for name, id in self.groups.items()],
        }
        return self.directory() | {
            name: page for stream, rows in streams.items() for name, page in _pages(stream, rows)
        }

    def directory(self) -> dict[str, str]:
        agents = [
            {"id": id, "contact": {"name": full_name(email), "email": email.title()}} | _dated()
            for email, id in self.agents.items()
        ]
        return dict(_pages("agents", agents))

    def csv(self) -> Files:
        """One export of all tickets as they stand, read before an older one of what they were in their first week."""
        lines = [self._line(row) for row in _by_update(self.month.streams["tickets"])]
        first = {line["Ticket ID"]: line for line in reversed(lines)}
        last = {line["Ticket ID"]: line for line in lines}
        exports = {"1-all.csv": list(last.values()), "2-early.csv": list(first.values())}
        return self.directory() | {f"freshdesk/tickets_csv/{name}": as_csv(rows) for name, rows in exports.items()}

    def _ticket(self, row: Row) -> dict[str, Any]:
        is_reopened = row["reopens"] == "1"
        stats = {
            "first_responded_at": row["first_replied_at"] or None,
            "resolved_at": row["first_solved_at"] or None,
            "closed_at": row["updated_at"] if row["status"] == "closed" else None,
            "reopened_at": _later(row["first_solved_at"], seconds=1) if is_reopened else None,
            "status_updated_at": row["solved_at"] if row["status"] == "solved" else row["updated_at"],
        }
        requester = {"email": row["requester_email"], "mobile": row["requester_phone"] or None, "phone": "+4930999"}
        return {
            "id": int(row["ticket_id"]), "created_at": row["created_at"], "updated_at": row["updated_at"],
            "status": STATUSES[row["status"]], "spam": row["status"] == "spam", "deleted": row["status"] == "deleted",
            "source": SOURCES[row["channel"]], "priority": PRIORITIES[row["priority"]], "type": row["subject_type"],
            "requester_id": self.people[row["requester_email"]],
            "requester": requester if row["requester_phone"] else requester | {"phone": None},
            "responder_id": self.agents.get(row["assignee_email"]), "group_id": self.groups.get(row["team"]),
            "product_id": {"Shop": 31, "Outlet": 32}[row["brand"]], "tags": [t for t in row["tags"].split(";") if t],
            "custom_fields": {"cf_order": row["order_id"] or None}, "stats": stats, "subject": "…", "description": "…",
        }  # fmt: skip

    def _conversation(self, row: Row) -> dict[str, Any]:
        is_private = row["is_public"] == "false"
        return {
            "id": int(row["message_id"]), "ticket_id": int(row["ticket_id"]), "created_at": row["sent_at"],
            "updated_at": row["sent_at"], "incoming": row["author_type"] == "customer", "private": is_private,
            "source": 2 if is_private else 0, "user_id": self.agents.get(row["author_email"], 4999),
            "automation_id": 88 if row["author_type"] == "bot" else None, "auto_response": False, "body_text": "…",
        }  # fmt: skip

    def _rating(self, row: Row) -> dict[str, Any]:
        return {
            "id": int(row["response_id"]), "survey_id": 1, "ticket_id": int(row["contact_id"].rsplit("/", 1)[1]),
            "agent_id": self.agents.get(row["agent_email"]), "group_id": self.groups.get(row["team"]),
            "ratings": {"default_question": int(row["score"]), "question_2": 103},
            "feedback": "x" * int(row["comment_length"] or 0),
            "created_at": row["answered_at"], "updated_at": row["answered_at"],
        }  # fmt: skip

    def _line(self, row: Row) -> Row:
        return {
            "Ticket ID": row["ticket_id"], "Status": LABELS[row["status"]], "Priority": row["priority"].title(),
            "Source": row["channel"].replace("_", " ").title(), "Type": row["subject_type"], "Product": row["brand"],
            "Agent": full_name(row["assignee_email"]) if row["assignee_email"] else "No Agent", "Group": row["team"],
            "Created time": _local(row["created_at"]), "Last update time": _local(row["updated_at"]),
            "Resolved time": _local(row["solved_at"]), "Initial response time": _local(row["first_replied_at"]),
            "Closed time": _local(row["updated_at"]) if row["status"] == "closed" else "",
            "Agent interactions": row["public_replies"], "Tags": row["tags"].replace(";", ","),
            "Email": row["requester_email"], "Mobile phone": row["requester_phone"], "Work phone": "",
        }  # fmt: skip


def full_name(email: str) -> str:
    return email.partition("@")[0].replace(".", " ").title()


def _by_update(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: row["updated_at"])


def _pages(stream: str, rows: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """(Path, page): the last record of a page begins the next, the pages come in the order from the newest back."""
    starts = range(0, len(rows), PAGE)
    return [
        (f"freshdesk/{stream}/{900 - n}.json", json.dumps(rows[max(start - 1, 0) : start + PAGE]))
        for n, start in enumerate(starts)
    ]


def _dated() -> dict[str, str]:
    return dict.fromkeys(("created_at", "updated_at"), "2026-01-01T00:00:00Z")


def _later(instant: str, **by: int) -> str:
    return f"{datetime.fromisoformat(instant) + timedelta(**by):%Y-%m-%dT%H:%M:%SZ}"


def _local(instant: str) -> str:
    return f"{datetime.fromisoformat(instant).astimezone(ZoneInfo(ZONE)):%Y-%m-%d %H:%M:%S}" if instant else ""
