"""Aircall as its API behaves: windows of creation, a cap on their records, tags that come late and move no date."""

from __future__ import annotations

import json

from tests.pulls.server import Answer, Request
from tests.pulls.vendor import Record, Vendor, basic, newest, refused
from tests.vendors import aircall
from tests.vendors.parity import Month

ID, TOKEN = "an-id-of-the-tests", "a-token-of-the-tests"
CAP = 10_000
#: How long after a call tags are still put on it, seconds.
LATE = 5 * 86400


class Aircall(Vendor):
    source = "aircall"
    credentials = {"SUPPORT_KPIS_AIRCALL_API_ID": ID, "SUPPORT_KPIS_AIRCALL_API_TOKEN": TOKEN}  # noqa: RUF012
    changing = {"calls": ("tags", "epoch")}  # noqa: RUF012
    per_minute = 60
    page_size = 10

    def answer(self, request: Request) -> Answer:
        if no := refused(request, basic(ID, TOKEN)):
            return no
        query = request.query
        number, size = int(query["page"]), int(query["per_page"])
        if request.path != "/v1/calls" or size > 50 or number * size > CAP:
            return Answer({"error": "Bad Request", "troubleshoot": "page and per_page reach too far"}, 400)
        low, high = int(query["from"]), int(query["to"])
        found = [row for moment, row in self.by_change("calls", "started_at") if low <= moment <= high]
        if query.get("order") != "asc":
            found.reverse()
        shown = found[(number - 1) * size : number * size]
        meta = {"count": len(shown), "total": len(found), "current_page": number, "per_page": size}
        return Answer({"meta": meta, "calls": shown})

    def touch(self) -> None:
        recent = [row for row in self.records["calls"] if row["started_at"] > self.clock.now() - LATE]
        call = self.chance.choice(recent)
        call["tags"] = [{"id": 9, "name": f"late {len(call['tags'])} {int(self.clock.now())}"}]


def account(month: Month) -> tuple[dict[str, list[Record]], dict[str, bytes]]:
    """Records and exports: of two versions of a call the one in the later file counts."""
    files = aircall.exports(aircall.varied(month.streams["calls"]))
    told = [row for name in sorted(files) for row in json.loads(files[name])["calls"]]
    return {"calls": newest(told, "id")}, {name: text.encode() for name, text in files.items()}
