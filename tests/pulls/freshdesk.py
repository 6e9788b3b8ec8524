"""Freshdesk as its API behaves: bare arrays in numbered pages that shift when a ticket changes; 300 pages, no more."""

from __future__ import annotations

import json
from collections.abc import Mapping

from tests.pulls.server import Answer, Request
from tests.pulls.vendor import Record, Vendor, basic, newest, refused
from tests.vendors.freshdesk_month import Freshdesk as Exports
from tests.vendors.freshdesk_month import knowable, without_second_resolves
from tests.vendors.parity import Month

KEY = "a-key-of-the-tests"
MOST_PAGES, LARGEST_PAGE = 300, 100
ORDERED = {"order_by": "updated_at", "order_type": "asc", "include": "stats,requester,description"}
#: What the API sends beside what the exports of the month spell.
MORE = {
    "tickets": (
        *("cc_emails", "fwd_emails", "reply_cc_emails", "ticket_cc_emails", "ticket_bcc_emails", "to_emails"),
        *("email_config_id", "company_id", "association_type", "associated_tickets_count", "support_email", "due_by"),
        *("fr_due_by", "nr_due_by", "is_escalated", "fr_escalated", "nr_escalated", "form_id", "description_text"),
        "structured_description",
    ),
    "conversations": (
        *("body", "support_email", "to_emails", "from_email", "cc_emails", "bcc_emails", "email_failure_count"),
        *("outgoing_failures", "thread_id", "thread_message_id", "last_edited_at", "last_edited_user_id"),
        *("attachments", "automation_type_id", "source_additional_info"),
    ),
    "agents": ("available", "occasional", "ticket_scope", "last_active_at", "type", "signature", "available_since"),
    "groups": ("description", "escalate_to", "unassigned_for", "business_hour_id", "group_type", "agent_ids"),
}


class Freshdesk(Vendor):
    source = "freshdesk"
    credentials = {"SUPPORT_KPIS_FRESHDESK_API_KEY": KEY}  # noqa: RUF012
    changing = {"tickets": ("updated_at", "iso"), "satisfaction_ratings": ("updated_at", "iso")}  # noqa: RUF012
    per_minute = 100
    page_size = 7

    def answer(self, request: Request) -> Answer:
        if no := refused(request, basic(KEY, "X")):
            return no
        path, query = request.path.removeprefix("/api/v2/"), request.query
        if int(query.get("per_page", 30)) > LARGEST_PAGE or int(query.get("page", 1)) > MOST_PAGES:
            return Answer({"description": "Validation failed"}, 400)
        if path == "tickets":
            return self._tickets(query)
        if path.endswith("/conversations"):
            ticket_id = int(path.split("/")[1])
            if all(row["id"] != ticket_id for row in self.records["tickets"]):
                return Answer(b"", 404)
            return _page([row for row in self.records["conversations"] if row["ticket_id"] == ticket_id], query)
        if path == "surveys/satisfaction_ratings":
            dated = self.by_change("satisfaction_ratings", "created_at")[::-1]
            return _page([row for at, row in dated if at >= self.moment(query["created_since"])], query)
        return _page(self.records[path], query)

    def _tickets(self, query: Mapping[str, str]) -> Answer:
        """Neither spam nor deleted ones, unless a filter asks for them; only the newest without `updated_since`."""
        if any(query.get(name) != value for name, value in ORDERED.items()) or "updated_since" not in query:
            return Answer({"description": "only the last thirty days, the newest first, without their stats"}, 400)
        since, asked = self.moment(query["updated_since"]), query.get("filter")
        found = [row for at, row in self.by_change("tickets", "updated_at") if at >= since and _filter(row) == asked]
        return _page(found, query)


def account(month: Month) -> tuple[dict[str, list[Record]], dict[str, bytes]]:
    """Records, one version of each, and the month's file exports."""
    files = {name: text.encode() for name, text in Exports(without_second_resolves(knowable(month))).api().items()}
    pages: dict[str, list[Record]] = {}
    for name, body in sorted(files.items(), reverse=True):
        stream = name.split("/")[1]
        pages.setdefault(stream, []).extend(dict.fromkeys(MORE.get(stream, ())) | row for row in json.loads(body))
    return {name: newest(rows, "id", "updated_at") for name, rows in pages.items()}, files


def _filter(ticket: Record) -> str | None:
    return "deleted" if ticket["deleted"] else "spam" if ticket["spam"] else None


def _page(rows: list[Record], query: Mapping[str, str]) -> Answer:
    size = int(query.get("per_page", 30))
    begin = (int(query.get("page", 1)) - 1) * size
    return Answer(rows[begin : begin + size])
