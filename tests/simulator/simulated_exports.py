"""Reads simulated exports back in plain Python: raw rows and the few raw numbers the incidents are about.

Belongs here: helpers of the simulator's tests. Does not belong here: KPI definitions for anyone else.
"""

import csv
import gzip
import io
import json
from collections import defaultdict
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import zstandard


def text_of(path: Path) -> str:
    """Content of a file, decompressed."""
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    elif path.suffix == ".zst":
        data = zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data)).read()
    return data.decode()


def files(landing: Path, source: str, stream: str) -> list[Path]:
    return sorted(path for path in (landing / source / stream).rglob("*") if path.is_file())


@cache
def generic(landing: Path, stream: str) -> list[dict[str, str]]:
    """Rows of a generic stream, in path order; read once, not to be changed."""
    return [row for path in files(landing, "generic", stream) for row in csv.DictReader(io.StringIO(text_of(path)))]


def json_objects(text: str) -> list[dict]:
    """Concatenated or newline-delimited JSON objects."""
    decoder, at, found = json.JSONDecoder(), 0, []
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        value, at = decoder.raw_decode(text, at)
        found.append(value)
    return found


def zendesk(landing: Path, stream: str) -> list[dict]:
    """Rows of a Zendesk stream out of pages and NDJSON."""
    rows = []
    for path in files(landing, "zendesk", stream):
        for value in json_objects(text_of(path)):
            rows += value.get(stream, [value])
    return rows


def contact_records(landing: Path) -> list[dict]:
    """The newest record of every leg."""
    newest: dict[str, dict] = {}
    for path in files(landing, "amazon_connect", "contact_records"):
        for record in json_objects(text_of(path)):
            known = newest.get(record["ContactId"])
            if known is None or record["LastUpdateTimestamp"] >= known["LastUpdateTimestamp"]:
                newest[record["ContactId"]] = record
    return list(newest.values())


def seconds(instant: str) -> int:
    return int(datetime.fromisoformat(instant).timestamp())


def queue_waits(landing: Path) -> list[tuple[int, int, bool]]:
    """(entered, waited, answered) of every call that entered a queue, all phone sites; seconds."""
    waits = []
    for row in generic(landing, "calls"):
        if row["queued_at"]:
            entered = seconds(row["queued_at"])
            waits.append((entered, seconds(row["answered_at"] or row["ended_at"]) - entered, bool(row["answered_at"])))
    for record in contact_records(landing):
        if record["Queue"] and record["InitiationMethod"] == "INBOUND":
            waits.append(
                (seconds(record["Queue"]["EnqueueTimestamp"]), record["Queue"]["Duration"], record["Agent"] is not None)
            )
    for path in files(landing, "asterisk", "queue_log"):
        entered: dict[str, int] = {}
        for line in text_of(path).splitlines():
            at, call, _, _, event, *rest = line.split("|")
            if event == "ENTERQUEUE":
                entered[call] = int(at)
            elif event == "CONNECT":
                waits.append((entered[call], int(rest[0]), True))
            elif event in ("ABANDON", "EXITWITHTIMEOUT"):
                waits.append((entered[call], int(rest[2]), False))
    return waits


def turns(landing: Path, channel: str) -> list[tuple[int, int | None]]:
    """(asked, seconds waited or None) of a generic channel's response turns; spam and solved-unread left out."""
    solves = by_ticket(
        [row for row in generic(landing, "ticket_status_changes") if row["status"] == "solved"], "ticket_id"
    )
    tickets = {row["ticket_id"]: row for row in generic(landing, "tickets")}
    asked: dict[str, int] = {}
    found = []
    for row in sorted(generic(landing, "messages"), key=lambda row: row["sent_at"]):
        ticket = tickets[row["ticket_id"]]
        if ticket["channel"] != channel or ticket["status"] in ("spam", "deleted", "merged"):
            continue
        if row["author_type"] == "customer":
            asked.setdefault(row["ticket_id"], seconds(row["sent_at"]))
        elif row["author_type"] == "agent" and row["is_public"] == "true" and row["ticket_id"] in asked:
            start = asked.pop(row["ticket_id"])
            found.append((start, seconds(row["sent_at"]) - start))
    for ticket, start in asked.items():
        if not any(start <= seconds(row["changed_at"]) <= start + 86400 for row in solves[ticket]):
            found.append((start, None))
    return found


@cache
def latest_lines(landing: Path) -> list[dict[str, str]]:
    """The newest version of every order line."""
    newest: dict[tuple[str, str], dict[str, str]] = {}
    for row in generic(landing, "order_lines"):
        known = newest.get((row["order_id"], row["line_id"]))
        if known is None or row["updated_at"] >= known["updated_at"]:
            newest[row["order_id"], row["line_id"]] = row
    return list(newest.values())


def midnight(day) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def by_ticket(rows: list[dict], key: str) -> dict:
    grouped = defaultdict(list)
    for row in rows:
        grouped[row[key]].append(row)
    return grouped
