"""Exports that are no longer what they were: columns that went away, columns of another type, shifted cells."""

from __future__ import annotations

import json

CALLS = "generic/calls"
HEADER = "call_id,arrived_at,direction,outcome,stage_reached,queue\n"


def call(n: int, at: str = "2026-03-02T08:00:00Z", queue: str = ",q") -> str:
    return f"{n},{at},inbound,answered,agent{queue}\n"


def test_a_column_that_went_away_is_told_once_for_every_run(lab):
    lab.land("generic/calls/a.csv", HEADER + call(1))
    first = lab.load(CALLS)
    assert (first.missing_columns, "queue" in first.never_delivered, "team" in first.never_delivered) == (
        {},
        False,
        True,
    )
    lab.land("generic/calls/b.csv", HEADER.replace(",queue", "") + call(2, queue="") + call(3, queue=""))
    result = lab.load(CALLS)
    assert (result.missing_columns, result.never_delivered, result.rows_loaded) == ({"queue": 2}, [], 2)
    assert lab.rows(CALLS, "queue") == [("q",), (None,), (None,)]
    assert lab.load(CALLS).missing_columns == {}


def test_a_key_is_missing_only_if_no_page_of_the_run_has_it(lab):
    at = "2026-03-01T08:00:00Z"
    rating = {"id": 1, "ticket_id": 2, "score": "good", "created_at": at, "updated_at": at}
    for n, record in enumerate((rating, rating | {"id": 2}, {k: v for k, v in rating.items() if k != "ticket_id"})):
        lab.land(f"zendesk/satisfaction_ratings/{n}.json", json.dumps(record))
    assert lab.load("zendesk/satisfaction_ratings").missing_columns == {}
    del rating["ticket_id"]
    lab.land("zendesk/satisfaction_ratings/9.json", json.dumps(rating | {"id": 9}))
    assert lab.load("zendesk/satisfaction_ratings").missing_columns == {"ticket_id": 1}


def test_a_column_of_another_type_costs_its_file_and_no_other(lab, counts):
    bad = "".join(call(n, "03/02/2026 08:00") for n in range(5))
    lab.land("generic/calls/a.csv", HEADER + bad)
    lab.land("generic/calls/b.csv", HEADER + call(10) + bad.replace("0,0", "7,0", 1))
    lab.land("generic/calls/c.csv", HEADER + call(11) + call(12))
    result = lab.load(CALLS)
    assert result.quarantined_files == ["generic/calls/a.csv"]
    assert (
        "arrived_at is no instant in 5 rows" in result.messages[0] or "arrived_at is no instant" in result.messages[1]
    )
    assert counts(result) == (13, 3, 0, 10)


def test_two_bad_rows_are_no_changed_export(lab, counts):
    lab.land("generic/calls/a.csv", HEADER + call(1, "soon") + call(2, "later"))
    assert counts(lab.load(CALLS)) == (2, 0, 0, 2)


def test_a_blank_required_column_costs_rows_and_not_the_file(lab, counts):
    lab.land("generic/calls/a.csv", HEADER + "".join(call(n, at="") for n in range(20)))
    result = lab.load(CALLS)
    assert (counts(result), result.quarantined_files) == ((20, 0, 0, 20), [])


def test_a_header_of_another_table_costs_the_file(lab):
    lab.land("generic/calls/a.csv", HEADER + "".join(call(n, queue=",q,more") for n in range(3)))
    assert "the header is not theirs" in lab.load(CALLS).messages[0]


def test_an_object_is_no_text(lab, counts):
    at = "2026-03-01T08:00:00Z"
    rating = {"id": 1, "ticket_id": {"id": 2}, "score": "good", "created_at": at, "updated_at": at}
    lab.land("zendesk/satisfaction_ratings/a.json", json.dumps(rating))
    assert counts(lab.load("zendesk/satisfaction_ratings")) == (1, 0, 0, 1)
    assert "ticket_id is no text" in lab.quarantined_text()


def test_a_list_of_texts_or_objects_is_no_text_but_a_name_in_brackets_is(lab, counts):
    names = [["kim@x.example"], [{"id": 1}], {}, "[1]", "[VIP]", "{new}", '["']
    at = "2026-03-01T08:00:00Z"
    groups = [{"id": n, "name": name, "created_at": at, "updated_at": at} for n, name in enumerate(names)]
    lab.land("zendesk/groups/a.json", json.dumps({"groups": groups}))
    assert counts(lab.load("zendesk/groups")) == (7, 4, 0, 3)
    assert [name for (name,) in lab.rows("zendesk/groups", "name")] == names[3:]


def test_a_via_without_channel_stores_no_address(lab, counts):
    at = "2026-03-01T08:00:00Z"
    ticket = {"id": 1, "created_at": at, "updated_at": at, "status": "open", "tags": "[no list"}
    via = {"channel": None, "source": {"from": {"address": "kim@example.org"}}}
    lab.land("zendesk/tickets/a.json", json.dumps(ticket | {"via": via}))
    assert counts(lab.load("zendesk/tickets")) == (1, 1, 0, 0)
    assert lab.rows("zendesk/tickets", "via_channel, tags") == [(None, "[no list")]


def test_undeclared_names_are_told_without_addresses_and_within_bounds(lab):
    names = {"kim@example.org": 1, "+15550001111": 2, **{f"k{n}": n for n in range(300)}}
    at = "2026-03-01T08:00:00Z"
    lab.land("zendesk/users/a.json", json.dumps({"id": 1, "updated_at": at, "role": "agent", **names}))
    told = lab.load("zendesk/users").new_columns
    assert len(told) < 210 and not any("@" in name or "555" in name for name in told)
    assert any("more names" in name for name in told)


def test_a_file_that_is_mostly_no_records_is_refused_before_memory_ends(lab, counts, monkeypatch):
    monkeypatch.setattr("ingestion.readers.common.MAX_REJECTS", 5)
    lab.land("generic/calls/a.csv", HEADER + call(1) + "no row\n" * 4 + "no, row\n" * 4)
    lab.land("generic/calls/b.csv", HEADER + call(2))
    lab.land("asterisk/queue_log/q", "no event\0\n" * 9)
    result = lab.load(CALLS)
    assert counts(result) == (1, 1, 0, 0)
    assert "6 of the first 7 records cannot be read" in result.messages[0]
    assert "records cannot be read: a NUL byte" in lab.quarantined_text()
