"""Intercom as its API behaves: a search that shows no parts, cursors that name the last row, conversations by id."""

from __future__ import annotations

import base64
import json
from typing import Any

from tests.pulls.server import Answer, Request
from tests.pulls.vendor import Record, Vendor, newest, refused
from tests.vendors.intercom import exports, told
from tests.vendors.parity import Month

TOKEN = "a-token-of-the-tests"
LARGEST_PAGE = 150
#: Far below what the vendor gives, so that a month has many pages.
SIZE = 20


class Intercom(Vendor):
    source = "intercom"
    credentials = {"SUPPORT_KPIS_INTERCOM_ACCESS_TOKEN": TOKEN}  # noqa: RUF012
    changing = {"conversations": ("updated_at", "epoch")}  # noqa: RUF012
    per_minute = 500
    has_cursors = True

    def answer(self, request: Request) -> Answer:
        if no := refused(request, f"Bearer {TOKEN}"):
            return no
        if {name.lower(): value for name, value in request.headers.items()}.get("intercom-version") != "2.14":
            return Answer({"errors": [{"code": "intercom_version_invalid"}]}, 400)
        if request.path == "/conversations/search" and request.json:
            return self._search(request.json)
        wanted = request.path.removeprefix("/conversations/")
        found = [row for row in self.records["conversations"] if row["id"] == wanted]
        return Answer(found[0]) if found else Answer({"type": "error.list", "errors": [{"code": "not_found"}]}, 404)

    def _search(self, body: dict[str, Any]) -> Answer:
        """A cursor is the place in the order of change; it is known by the times that cursors were forgotten."""
        paging = body["pagination"]
        if body["sort"] != {"field": "updated_at", "order": "ascending"} or paging["per_page"] > LARGEST_PAGE:
            return Answer({"errors": [{"code": "parameter_invalid"}]}, 400)
        query = body["query"]
        kept = {one["operator"] for one in query["value"] if one["field"] == "updated_at"}
        since = {one["value"] for one in query["value"]}
        if query["operator"] != "OR" or kept != {">", "="} or len(since) != 1:
            return Answer({"errors": [{"code": "parameter_invalid"}]}, 400)
        rows = [pair for pair in self.by_change("conversations", "updated_at") if pair[0] >= min(since)]
        total = len(rows)
        if cursor := paging.get("starting_after"):
            forgotten, moment, id = json.loads(base64.b64decode(cursor))
            if forgotten != self.forgets:
                return Answer({"errors": [{"code": "parameter_invalid", "message": "starting_after"}]}, 400)
            rows = [pair for pair in rows if (pair[0], str(pair[1]["id"])) > (moment, id)]
        page, following = rows[:SIZE], None
        if len(rows) > SIZE:
            last = json.dumps([self.forgets, page[-1][0], str(page[-1][1]["id"])])
            following = {"starting_after": base64.b64encode(last.encode()).decode()}
        shown = [{name: value for name, value in row.items() if name != "conversation_parts"} for _, row in page]
        pages = {"type": "pages", "next": following, "per_page": paging["per_page"]}
        return Answer({"type": "conversation.list", "conversations": shown, "total_count": total, "pages": pages})


def account(month: Month) -> tuple[dict[str, list[Record]], dict[str, bytes]]:
    """Records, one version of each, and the month's file exports."""
    files = {name: text.encode() for name, text in exports(told(month), with_parts=True).items()}
    rows = [json.loads(line) for body in files.values() for line in body.splitlines()]
    return {"conversations": newest(rows, "id", "updated_at")}, files
