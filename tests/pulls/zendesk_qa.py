"""Zendesk QA as its API behaves: windows of the date of change, whose rows move out of them; numbers as text."""

from __future__ import annotations

import json
from datetime import datetime

from ingestion.pulls.moments import written
from tests.pulls.server import Answer, Request
from tests.pulls.vendor import Record, Vendor, newest, refused
from tests.vendors import zendesk_qa
from tests.vendors.parity import Month

TOKEN = "a-token-of-the-tests"


class ZendeskQa(Vendor):
    source = "zendesk_qa"
    credentials = {"SUPPORT_KPIS_ZENDESK_QA_TOKEN": TOKEN}  # noqa: RUF012
    changing = {"conversations": ("lastUpdatedISO", "iso")}  # noqa: RUF012
    page_size = 10

    def answer(self, request: Request) -> Answer:
        if no := refused(request, f"Bearer {TOKEN}"):
            return no
        query = request.query
        if request.path != "/qa/api/export/reviews" or "fromDate" not in query:
            return Answer({"code": 3, "message": "fromDate is required", "details": []}, 400)
        low, high = (int(datetime.fromisoformat(query[name]).timestamp()) for name in ("fromDate", "toDate"))
        found = [row for moment, row in self.by_change("conversations", "lastUpdatedISO") if low <= moment < high]
        number, size = int(query["page"]), int(query["pageSize"])
        numbers = {"page": number, "pageSize": size, "total": str(len(found))}
        return Answer({"conversations": found[(number - 1) * size : number * size], "pagination": numbers})

    def touch(self) -> None:
        """A dispute: the review is dated anew, and with it its conversation."""
        conversation = self.chance.choice(self.records["conversations"])
        conversation["lastUpdatedISO"] = conversation["reviews"][0]["updatedISO"] = written(
            int(self.clock.now()), "iso"
        )


def account(month: Month) -> tuple[dict[str, list[Record]], dict[str, bytes]]:
    """Records and exports: a conversation for each review, as the month has them."""
    files = zendesk_qa.spelt(zendesk_qa.evaluations(month))
    told = [row for text in files.values() for row in json.loads(text)["conversations"]]
    dated = [row | {"id": row["reviews"][0]["id"], "lastUpdatedISO": row["reviews"][0]["updatedISO"]} for row in told]
    rows = [{k: v for k, v in row.items() if k != "id"} for row in newest(dated, "id", "lastUpdatedISO")]
    return {"conversations": rows}, {name: text.encode() for name, text in files.items()}
