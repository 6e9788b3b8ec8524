"""Row rules, types and time zones: which rows are rejected, with which reason."""

from __future__ import annotations

import json
import re
from datetime import datetime
from decimal import Decimal

import pytest

CALLS = "generic/calls"
COLUMNS = {
    "call_id": "1", "arrived_at": "2026-03-02T08:00:00Z", "direction": "inbound", "outcome": "answered",
    "stage_reached": "agent", "queued_at": "2026-03-02T08:00:10Z", "answered_at": "2026-03-02T08:00:20Z",
    "ended_at": "2026-03-02T08:05:00Z", "talk_seconds": "280", "escalated": "", "disposition_class": "",
}  # fmt: skip


def land(lab, *rows: dict[str, str]) -> None:
    lines = [",".join(COLUMNS), *(",".join((COLUMNS | row).values()) for row in rows)]
    lab.land("generic/calls/a.csv", "\n".join(lines) + "\n")


def reasons(lab) -> list[str]:
    return [json.loads(line)["reason"] for line in lab.quarantined_text().splitlines() if line]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"call_id": " "}, "missing call_id"),
        ({"talk_seconds": "-1"}, "negative duration in talk_seconds"),
        ({"talk_seconds": "1.5h"}, "talk_seconds is no number"),
        ({"talk_seconds": "nan"}, "talk_seconds is no number"),
        ({"ended_at": "2026-03-02T08:00:19Z"}, "ended_at before answered_at"),
        ({"queued_at": "2026-03-02T08:00:21Z"}, "answered_at before queued_at"),
        ({"answered_at": "", "ended_at": "2026-03-02T08:00:09Z"}, "ended_at before queued_at"),
        ({"direction": "sideways"}, "unknown value in direction"),
        ({"outcome": "vanished"}, "unknown value in outcome"),
        ({"stage_reached": ""}, "missing stage_reached"),
        ({"disposition_class": "maybe"}, "unknown value in disposition_class"),
        ({"escalated": "perhaps"}, "escalated is no boolean"),
        ({"arrived_at": "2026-03-02T08:00:00"}, "arrived_at has no offset from UTC and [sources.generic] no time_zone"),
        ({"arrived_at": "yesterday"}, "arrived_at is no instant"),
        ({"arrived_at": "2026-02-30T08:00:00Z"}, "arrived_at is no instant"),
        ({"arrived_at": "2026-03-02"}, "arrived_at is no instant"),
        ({"arrived_at": "infinity"}, "arrived_at is no instant"),
    ],
)
def test_a_bad_row_is_rejected_with_its_reason(lab, counts, cells, reason):
    land(lab, cells, {"call_id": "good"})
    assert counts(lab.load(CALLS)) == (2, 1, 0, 1)
    assert reasons(lab) == [reason]
    assert lab.rows(CALLS, "call_id, talk_seconds") == [("good", Decimal("280.000000"))]


@pytest.mark.parametrize(
    "cells",
    [
        {"arrived_at": "2026-03-02T09:00:00Z"},  # a clock fault: loaded as it is
        {"ended_at": ""},
        {"outcome": "closed", "stage_reached": ""},
        {"direction": "outbound", "outcome": "no_answer", "stage_reached": ""},
    ],
)
def test_odd_but_right_rows_load(lab, counts, cells):
    land(lab, cells)
    assert counts(lab.load(CALLS)) == (1, 1, 0, 0)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-03-02T08:14:07.25Z", datetime(2026, 3, 2, 8, 14, 7, 250000)),
        ("2026-03-02 08:14:07 +03:00", datetime(2026, 3, 2, 5, 14, 7)),
        ("2026-03-02T08:14+0530", datetime(2026, 3, 2, 2, 44)),
        ("2026-03-02t08:14:07z", None),
        ("2026-03-02T08:14:07z", datetime(2026, 3, 2, 8, 14, 7)),
        ("2026-03-02T08:14:07-05", datetime(2026, 3, 2, 13, 14, 7)),
        ("20260302T081407Z", datetime(2026, 3, 2, 8, 14, 7)),
        ("20260302T0814+0530", datetime(2026, 3, 2, 2, 44)),
        ("20260302T081407.25-05", datetime(2026, 3, 2, 13, 14, 7, 250000)),
        ('"2026-03-02T08:14:07,25Z"', datetime(2026, 3, 2, 8, 14, 7, 250000)),
        ("20260302081407Z", None),
        ("202603020T81407Z", None),
        ("2026-0302T08:14:07Z", None),
        ("20260230T081407Z", None),
    ],
)
def test_spellings_of_an_instant(lab, text, instant):
    land(lab, {"arrived_at": text})
    lab.load(CALLS)
    assert lab.rows(CALLS, "arrived_at") == ([(instant,)] if instant else [])


def test_one_wrong_character_makes_no_instant(lab):
    """The short cut for common instants takes what the rule for all of them takes, and no more."""
    right = "2026-01-01T00:00:05Z"
    texts = {right[:i] + c + right[i + 1 :] for i in range(20) for c in map(chr, [*range(33, 127), 32, 9, 11, 160])}
    texts = sorted(text.strip() for text in texts if not {",", '"'} & set(text))
    land(lab, *({"call_id": str(n), "arrived_at": text} for n, text in enumerate(texts)))
    lab.load(CALLS)
    loaded = {texts[int(n)] for (n,) in lab.rows(CALLS, "call_id")}
    shape = re.compile(r"\d{4}-\d\d-\d\d[T ]([01]\d|2[0-3]):[0-5]\d:[0-5]\d[Zz]", re.ASCII)
    expected = {text for text in texts if shape.fullmatch(text) and "-00" not in text}
    expected -= {text for text in texts if text[:4] == "0000" or not "01" <= text[5:7] <= "12" or text[8:10] > "31"}
    assert loaded == expected


def test_naive_times_are_local_where_the_source_has_a_time_zone(lab):
    lab.sources = {"generic": {"time_zone": "Europe/Berlin"}}
    row = {"queued_at": "", "answered_at": "", "ended_at": "", "talk_seconds": ""}
    land(lab, row | {"arrived_at": "2026-03-29 12:00"}, row | {"call_id": "2", "arrived_at": "2026-03-02T12:00:00Z"})
    lab.load(CALLS)
    assert lab.rows(CALLS, "arrived_at") == [(datetime(2026, 3, 29, 10),), (datetime(2026, 3, 2, 12),)]


def test_unknown_ticket_status_and_counts(lab, counts):
    header = "ticket_id,created_at,updated_at,status,channel,reopens"
    instants = "2026-03-02T08:00:00Z,2026-03-02T08:00:00Z"
    lab.land("generic/tickets/t.csv", f"{header}\n1,{instants},frozen,email,0\n2,{instants},open,email,1.5\n"
             f"3,{instants},open,email,-1\n00900719925474099312345,{instants},open,email,2\n")  # fmt: skip
    assert counts(lab.load("generic/tickets")) == (4, 1, 0, 3)
    assert reasons(lab) == ["unknown value in status", "reopens is no integer", "negative count"]
    assert lab.rows("generic/tickets", "ticket_id, reopens") == [("00900719925474099312345", 2)]
