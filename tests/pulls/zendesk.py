"""Zendesk Support and Talk as their APIs behave: cursors, end times, borders that repeat, ten requests a minute."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path
from typing import Any

import zstandard

from tests.pulls.server import Answer, Request
from tests.pulls.vendor import Record, Vendor, basic, newest, refused

EMAIL, TOKEN = "pull@shop.example", "a-token-of-the-tests"
SIGNED = basic(f"{EMAIL}/token", TOKEN)
CREDENTIALS = {"SUPPORT_KPIS_ZENDESK_EMAIL": EMAIL, "SUPPORT_KPIS_ZENDESK_API_TOKEN": TOKEN}
HELD_BACK = 60
#: Far below what the vendor gives, so that a month has many pages.
SIZE = 20


def exported(folder: Path) -> dict[str, list[Record]]:
    """Container -> its records, of the simulator's export files of a source."""
    opened = {".gz": gzip.decompress, ".zst": lambda data: zstandard.ZstdDecompressor().stream_reader(data).read()}
    found: dict[str, list[Record]] = {}
    for stream in sorted(folder.iterdir()):
        for path in sorted(stream.rglob("*.*")):
            text = opened.get(path.suffix, bytes)(path.read_bytes()).decode()
            names = path.name.split(".")
            if "ndjson" in names:
                found.setdefault(stream.name, []).extend(map(json.loads, text.splitlines()))
            else:
                found.setdefault(stream.name, []).extend(json.loads(text)[stream.name])
    return found


def end_time_page(container: str, rows: list[tuple[int, Record]], query: dict[str, str], until: float) -> Answer:
    """Rows from `start_time` on, the border among them; a full page reaches to the end of its last second."""
    start = int(query["start_time"])
    if start > until:
        return Answer({"error": "Too recent start_time. Use a start_time older than 1 minute"}, 422)
    found = [pair for pair in rows if start <= pair[0] <= until]
    page = found[:SIZE]
    page += [pair for pair in found[SIZE:] if pair[0] == page[-1][0]]
    end = page[-1][0] if page else start
    following = f"https://shop.zendesk.com/api/v2/{container}?start_time={end}"
    return Answer({container: [row for _, row in page], "count": len(page), "end_time": end, "next_page": following})


class Zendesk(Vendor):
    source = "zendesk"
    credentials = CREDENTIALS
    changing = {"tickets": ("generated_timestamp", "epoch"), "users": ("updated_at", "iso")}  # noqa: RUF012
    per_minute = 10
    has_cursors = True

    def answer(self, request: Request) -> Answer:
        if no := refused(request, SIGNED):
            return no
        path, query = request.path.removeprefix("/api/v2/").removesuffix(".json"), request.query
        if path.endswith("/cursor"):
            return self._cursor(path.split("/")[1], query)
        if path == "incremental/ticket_events":
            if query.get("include") != "comment_events":
                return Answer({"error": "comments would be missing"}, 400)
            rows = self.by_change("ticket_events", "timestamp")
            answer = end_time_page("ticket_events", rows, query, self.clock.now() - HELD_BACK)
            if answer.status == 200:
                answer.content["end_of_stream"] = answer.content["count"] < SIZE
            return answer
        if path.endswith("/holidays"):
            schedule = path.split("/")[-2]
            own = [row for row in self.records["holidays"] if str(row["schedule_id"]) == schedule]
            return Answer({"holidays": [{k: v for k, v in row.items() if k != "schedule_id"} for row in own]})
        return self._list(path.split("/")[-1], query)

    def _cursor(self, container: str, query: dict[str, str]) -> Answer:
        """A cursor is the place in the order of change; it is known by the times that cursors were forgotten."""
        if container == "tickets" and query.get("include") != "metric_sets":
            return Answer({"error": "metric sets would be missing"}, 400)
        until = self.clock.now() - HELD_BACK
        rows = [p for p in self.by_change(container, "generated_timestamp", "updated_at") if p[0] <= until]
        if cursor := query.get("cursor"):
            forgotten, moment, id = json.loads(base64.b64decode(cursor))
            if forgotten != self.forgets:
                return Answer({"error": "InvalidCursor", "description": "cursor has expired"}, 400)
            rows = [p for p in rows if (p[0], str(p[1]["id"])) > (moment, id)]
            last: list[Any] = [moment, id]
        else:
            rows = [p for p in rows if p[0] >= int(query["start_time"])]
            last = [int(query["start_time"]) - 1, "~"]
        page = rows[:SIZE]
        if page:
            last = [page[-1][0], str(page[-1][1]["id"])]
        after = base64.b64encode(json.dumps([self.forgets, *last]).encode()).decode()
        over = len(rows) <= SIZE
        return Answer({container: [row for _, row in page], "after_cursor": after, "end_of_stream": over})

    def _list(self, container: str, query: dict[str, str]) -> Answer:
        begin, size = int(query.get("page[after]", 0)), min(int(query["page[size]"]), 3)
        rows = self.records.get(container, [])
        if since := query.get("start_time"):
            rows = [row for moment, row in self.by_change(container, "created_at") if moment >= int(since)]
        meta = {"has_more": begin + size < len(rows), "after_cursor": str(begin + size)}
        return Answer({container: rows[begin : begin + size], "meta": meta})


class Talk(Vendor):
    """`next_page` is never null, and what is caught up answers with the last row alone."""

    source = "zendesk_talk"
    credentials = CREDENTIALS
    changing = {"calls": ("updated_at", "iso"), "legs": ("updated_at", "iso")}  # noqa: RUF012
    per_minute = 10

    def answer(self, request: Request) -> Answer:
        if no := refused(request, SIGNED):
            return no
        container = request.path.split("/")[-1].removesuffix(".json")
        rows = self.by_change(container, "updated_at")
        answer = end_time_page(container, rows, request.query, self.clock.now() - HELD_BACK)
        if answer.status == 200:
            del answer.content["end_time"]
        return answer


VERSIONS = {
    "tickets": ("generated_timestamp", "updated_at"), "ticket_events": ("timestamp",), "users": ("updated_at",),
    "satisfaction_ratings": ("updated_at",), "groups": ("updated_at",), "brands": ("updated_at",),
    "schedules": ("updated_at",), "holidays": (),
}  # fmt: skip


def account(folder: Path) -> dict[str, list[Record]]:
    """The records of the simulator's month, one version of each."""
    return {name: newest(rows, "id", *VERSIONS[name]) for name, rows in exported(folder).items() if name in VERSIONS}
