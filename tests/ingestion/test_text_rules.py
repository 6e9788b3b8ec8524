"""The `text` rows of issue_types.csv: the pattern that met the words stays, the words do not."""

from __future__ import annotations

import json
from typing import Any

import pytest

TICKETS = "generic/tickets"
T = "2026-03-02T08:00:00Z"
HEADER = "ticket_id,created_at,updated_at,status,channel,subject,description,body\n"


def rule(pattern: str, source: str | None = None, field: str = "text") -> dict[str, Any]:
    return {"source": source, "match_field": field, "match_value": pattern, "issue_type": "t"}


def ticket(number: int, subject: str = "", description: str = "", body: str = "") -> str:
    return f'{number},{T},{T},open,email,"{subject}","{description}","{body}"\n'


def test_the_first_pattern_in_the_order_of_the_file_wins(lab):
    lab.tables["issue_types"] = [rule("never", field="tag"), rule("refund"), rule("(?i)late|broken", "generic"),
                                 rule(".", "zendesk")]  # fmt: skip
    lab.land("generic/tickets/a.csv", HEADER + ticket(1, "Late", "my refund") + ticket(2, "LATE") + ticket(3, "Refund")
             + ticket(4, body="It is\nbroken") + ticket(5) + ticket(6, "never"))  # fmt: skip
    result = lab.load(TICKETS)
    assert result.new_columns == {}
    assert lab.rows(TICKETS, "ticket_id, text_match") == [
        ("1", "refund"), ("2", "(?i)late|broken"), ("3", None), ("4", "(?i)late|broken"), ("5", None), ("6", None)
    ]  # fmt: skip


@pytest.mark.parametrize("pattern", [r"it's \d+%", 'say "no"', r"^a\.b$", " lost ", "é;--", r"back\\slash"])
def test_a_pattern_is_kept_as_it_is_written(lab, pattern):
    texts = ["it's 50% off", 'say ""no""', "a.b", "I lost it", "é;--", r"back\slash"]
    lab.tables["issue_types"] = [rule(pattern)]
    lab.land("generic/tickets/a.csv", HEADER + "".join(ticket(n, text) for n, text in enumerate(texts)))
    lab.run()
    assert [match for (match,) in lab.rows(TICKETS, "text_match") if match] == [pattern]


def test_no_words_enter_the_home(lab):
    words = "my cat Zebulon ate the refund"
    lab.land("generic/tickets/t.csv", HEADER + ticket(1, words, words, words))
    lab.land(
        "generic/messages/m.csv",
        "message_id,ticket_id,sent_at,author_type,is_public,subject,body\n"
        f"1,1,{T},customer,true,{words},hello\n2,1,{T},customer,true,hello,{words}\n3,1,{T},bot,true,,hello\n",
    )
    lab.land(
        "generic/survey_responses/s.csv",
        "response_id,survey_type,question_id,scale_min,scale_max,offered_at,comment\n"
        f"1,csat,q,1,5,{T},{words}\n2,csat,q,1,5,{T},\n",
    )
    record = {"id": 1, "created_at": T, "updated_at": T, "status": "open"}
    tickets = [record | {"subject": words}, record | {"id": 2, "description": words}, record | {"id": 3}]
    lab.land("zendesk/tickets/t.json", json.dumps({"tickets": tickets}))
    children = [("Comment", words), ("Comment", "hello"), ("Create", None)]
    events = [
        {"id": 10 + n, "ticket_id": 1, "created_at": T, "child_events": [{"id": n, "event_type": kind, "body": body}]}
        for n, (kind, body) in enumerate(children)
    ]
    lab.land("zendesk/ticket_events/e.json", json.dumps({"ticket_events": events}))

    def matches() -> list[list]:
        streams = (TICKETS, "generic/messages", "generic/survey_responses", "zendesk/tickets", "zendesk/ticket_events")
        return [[match for (match,) in lab.rows(stream, "text_match")] for stream in streams]

    result = lab.run()
    assert not any(done.new_columns or done.rows_rejected for done in result.streams.values())
    assert matches() == [[None], [None] * 3, [None] * 2, [None] * 3, [None] * 3]
    lab.tables["issue_types"] = [rule("ref.nd")]
    lab.run()
    assert matches()[0] == [None], "what is loaded keeps its match"
    result = lab.run(reload=list(result.streams))
    assert not any(done.new_columns for done in result.streams.values())
    hit = "ref.nd"
    assert matches() == [[hit], [hit, hit, None], [hit, None], [hit, hit, None], [hit, None, None]]
    stored = [p for p in lab.settings.home.rglob("*") if p.is_file() and "landing" not in p.parts]
    assert all(b"ebulon" not in path.read_bytes() for path in stored)


def test_rejected_rows_are_tried_with_the_new_patterns(lab, counts):
    lab.land("generic/tickets/a.csv", HEADER + ticket(1, "refund") + ticket(2, "refund").replace(T, T[:-1]))
    assert counts(lab.load(TICKETS)) == (2, 1, 0, 1)
    lab.tables["issue_types"] = [rule("refund")]
    lab.sources = {"generic": {"time_zone": "UTC"}}
    assert counts(lab.load(TICKETS)) == (1, 1, 0, 0)
    assert lab.rows(TICKETS, "ticket_id, text_match", "ticket_id") == [("1", None), ("2", "refund")]
