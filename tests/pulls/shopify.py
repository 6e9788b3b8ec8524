"""Shopify's Admin API as it behaves: pages by a `Link` that stands for all filters, and that it forgets in time."""

from __future__ import annotations

import base64
import json

from tests.pulls.server import Answer, Request
from tests.pulls.vendor import Record, Vendor, newest
from tests.vendors.parity import Month
from tests.vendors.shopify_month import api, numbered, refunds, told

TOKEN = "a-token-of-the-tests"
LARGEST_PAGE = 250
#: Far below what the vendor gives, so that a month has many pages.
SIZE = 6
WITH_PAGE_INFO = {"limit", "fields", "page_info"}


class Shopify(Vendor):
    source = "shopify"
    credentials = {"SUPPORT_KPIS_SHOPIFY_ACCESS_TOKEN": TOKEN}  # noqa: RUF012
    changing = {"orders": ("updated_at", "iso")}  # noqa: RUF012
    per_minute = 40
    has_cursors = True

    def answer(self, request: Request) -> Answer:
        if {name.lower(): value for name, value in request.headers.items()}.get("x-shopify-access-token") != TOKEN:
            return Answer({"errors": "[API] Invalid API key or access token"}, 401)
        query, path = request.query, request.path
        if path != "/admin/api/2026-07/orders.json":
            return Answer({"errors": "Not Found"}, 404)
        if int(query.get("limit", 50)) > LARGEST_PAGE:
            return Answer({"errors": {"limit": "too large"}}, 400)
        rows = self.by_change("orders", "updated_at")
        if info := query.get("page_info"):
            if query.keys() - WITH_PAGE_INFO:
                return Answer({"errors": "page_info cannot be sent with other filters"}, 400)
            forgotten, moment, id = json.loads(base64.urlsafe_b64decode(info))
            if forgotten != self.forgets:
                return Answer({"errors": {"page_info": "Invalid value."}}, 400)
            rows = [pair for pair in rows if (pair[0], str(pair[1]["id"])) > (moment, id)]
        elif (query.get("status"), query.get("order")) != ("any", "updated_at asc"):
            return Answer({"errors": "open orders only, the newest first"}, 400)
        else:
            rows = [pair for pair in rows if pair[0] >= self.moment(query["updated_at_min"])]
        page, fields = rows[:SIZE], query["fields"].split(",")
        links = []
        if query.get("page_info"):
            links.append(f'<https://shop.example{path}?limit=250&page_info=before>; rel="previous"')
        if len(rows) > SIZE:
            last = json.dumps([self.forgets, page[-1][0], str(page[-1][1]["id"])]).encode()
            info = base64.urlsafe_b64encode(last).decode().replace("=", "%3D")
            links.append(f'<https://elsewhere.example{path}?limit=250&page_info={info}>; rel="next"')
        shown = [{name: row.get(name) for name in fields} for _, row in page]
        return Answer({"orders": shown}, headers={"Link": ", ".join(links)} if links else {})


def account(month: Month) -> tuple[dict[str, list[Record]], dict[str, bytes]]:
    """Records, one version of each, and the month's file exports."""
    lines = numbered(told(month))
    files = {name: text.encode() for name, text in api(lines, refunds(lines)).items()}
    rows = [row for body in files.values() for row in json.loads(body)["orders"]]
    return {"orders": newest(rows, "id", "updated_at")}, files
