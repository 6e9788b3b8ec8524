"""NDJSON in which some lines are no plain records: what is read and rejected, and that quarantine has the right text.

Not here: single values (adapters/test_plain_lines), broken lines (test_json).
"""

from __future__ import annotations

import json

from ingestion.manifest import Manifest
from ingestion.quarantine import Quarantine

ID = ("zendesk", "ticket_events")
FILE = "zendesk/ticket_events/a.json"


def audit(number: int, **child) -> dict:
    made = {"id": number * 10, "event_type": "Create", "status": "new"} | child
    return {"id": number, "ticket_id": 7, "created_at": "2026-03-02T08:00:00Z", "child_events": [made]}


def landed(lab, *records) -> None:
    lab.land(FILE, "".join(f"{json.dumps(record)}\n" for record in records))


def rejected(lab, stream=ID) -> list[tuple]:
    with Manifest(lab.settings.manifest_path) as manifest:
        hashes = [row.content_hash for row in manifest.contents(stream)]
    kept = Quarantine(lab.settings.quarantine)
    return [(row.position, row.reason, json.loads(row.raw)) for one in hashes for row in kept.rows(stream, one)]


def test_a_page_among_records_is_unpacked(lab, counts):
    page = {"ticket_events": [audit(2), audit(3)], "next_page": None}
    landed(lab, audit(1), page, audit(4, status="asleep"))
    assert counts(lab.load("zendesk/ticket_events")) == (4, 3, 0, 1)
    assert rejected(lab) == [(4, "unknown value in status", audit(4, status="asleep"))]


def test_an_empty_page_among_records_is_no_record(lab, counts):
    landed(lab, audit(1), {"ticket_events": [], "next_page": None}, audit(2))
    assert counts(lab.load("zendesk/ticket_events")) == (2, 2, 0, 0)


def test_the_rejected_child_of_plain_lines_is_kept(lab, counts):
    good = {"id": 12, "event_type": "Create", "status": "open"}
    bad = {"id": 11, "event_type": "Create", "status": "asleep"}
    record = audit(1) | {"child_events": [good, bad, {"id": 13, "event_type": "Change", "group_id": 5}]}
    landed(lab, record, audit(2, status="gone"), audit(3))
    assert counts(lab.load("zendesk/ticket_events")) == (5, 3, 0, 2)
    assert rejected(lab) == [
        (2, "unknown value in status", record | {"child_events": [bad]}),
        (4, "unknown value in status", audit(2, status="gone")),
    ]


def test_a_null_line_leaves_its_neighbours_text_alone(lab, counts):
    ticket = {"id": 1, "created_at": "2026-03-02T08:00:00Z", "updated_at": "2026-03-02T08:00:00Z", "status": "zz"}
    lines = [*({**ticket, "id": n, "status": "open"} for n in range(2, 6)), None, ticket]
    lab.land("zendesk/tickets/a.json", "".join(f"{json.dumps(line)}\n" for line in lines))
    assert counts(lab.load("zendesk/tickets")) == (6, 4, 0, 2)
    told = [(5, "not a JSON object", None), (6, "unknown value in status", ticket)]
    assert rejected(lab, ("zendesk", "tickets")) == told
    lab.sources = {"zendesk": {"country": "DE"}}
    lab.load("zendesk/tickets")
    assert rejected(lab, ("zendesk", "tickets")) == told


def test_a_page_whose_tickets_have_no_update_counts_no_row(lab, counts):
    ticket = {"created_at": "2026-03-02T08:00:00Z", "status": "open"}
    lab.land("zendesk/tickets/a.json", json.dumps({"tickets": [{"id": n, **ticket} for n in range(20)]}))
    result = lab.load("zendesk/tickets")
    assert counts(result) == (0, 0, 0, 0)
    assert len(result.quarantined_files) == 1
    assert "missing" in result.messages[0]
