"""Delighted as its API behaves: bare arrays in the order of change, at most a hundred a page."""

from __future__ import annotations

import json

from tests.pulls.server import Answer, Request
from tests.pulls.vendor import Record, Vendor, basic, newest, refused
from tests.vendors import delighted
from tests.vendors.parity import Month

KEY = "a-key-of-the-tests"


class Delighted(Vendor):
    source = "delighted"
    credentials = {"SUPPORT_KPIS_DELIGHTED_API_KEY": KEY}  # noqa: RUF012
    changing = {"responses": ("updated_at", "epoch")}  # noqa: RUF012
    page_size = 10

    def answer(self, request: Request) -> Answer:
        if no := refused(request, basic(KEY, "")):
            return no
        query = request.query
        if request.path != "/v1/survey_responses.json":
            return Answer({"status": 404, "message": "Not found"}, 404)
        if int(query["per_page"]) > 100:
            return Answer({"status": 422, "message": "per_page is at most 100"}, 422)
        since, begin = int(query["updated_since"]), (int(query["page"]) - 1) * int(query["per_page"])
        found = [row for moment, row in self.by_change("responses", "updated_at", "created_at") if moment >= since]
        if query.get("order") != "asc:updated_at":
            found.reverse()
        return Answer(found[begin : begin + int(query["per_page"])])


def account(month: Month) -> tuple[dict[str, list[Record]], dict[str, bytes]]:
    """Records and exports: every answer three times, all at the same second."""
    rows = delighted.answers(month)
    rows = [row | {"response_id": f"{row['response_id']}-{number}"} for row in rows for number in range(3)]
    files = delighted.spelt(rows)
    told = [row for name in files for row in json.loads(files[name])]
    return {"responses": newest(told, "id", "updated_at", "created_at")}, {k: v.encode() for k, v in files.items()}
