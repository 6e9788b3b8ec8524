"""JSON in every form vendors give it, through a stream declared here."""

from __future__ import annotations

import json

import pytest

from ingestion.streams import Column, Stream

ID = ("zendesk", "things")
THINGS = Stream(
    *ID,
    "json",
    key=("thing_id",),
    version="updated_at",
    container="things",
    columns=(
        Column("thing_id", expr="id", required=True),
        Column("updated_at", "instant", required=True),
        Column("amount", "number"),
        Column("city", expr="json_text(place, '$.city')"),
        Column("requester_email", person="email"),
    ),
    fields=("id", "place"),
    ignored=("body",),
)
CHILDREN = Stream(
    *ID,
    "json",
    key=("child_id",),
    container="things",
    unnest="children",
    fields=("id",),
    columns=(
        Column("child_id", expr="json_text(child, '$.id')", required=True),
        Column("parent_id", expr="id", required=True),
        Column("kind", expr="json_text(child, '$.kind')", allowed=("a", "b")),
    ),
)
A = {"id": 9007199254740993123, "updated_at": "2026-03-02T08:00:00Z", "amount": 1.5, "place": {"city": "Kyiv"}}
B = {"id": "007", "updated_at": "2026-03-02T08:00:00Z", "amount": None, "place": "no object", "body": "dear all"}
LOADED = [("9007199254740993123", "1.500000", "Kyiv"), ("007", None, None)]


def load(lab, stream: Stream = THINGS, **options):
    return lab.run(streams={ID: stream}, **options).streams[ID]


def loaded(lab) -> list[tuple]:
    return lab.rows("zendesk/things", "thing_id, amount::VARCHAR, city")


@pytest.mark.parametrize(
    "text",
    [
        f"{json.dumps(A)}\n{json.dumps(B)}\n",
        f"{json.dumps(A)}\r\n\r\n{json.dumps(B)}",
        f"\ufeff{json.dumps(A)}\n{json.dumps(B)}\n",
        f"{json.dumps(A)}{json.dumps(B)}",
        f"{json.dumps(A, indent=2)}\n{json.dumps(B, indent=2)}\n",
        json.dumps([A, B]),
        json.dumps({"things": [A, B], "end_of_stream": True}),
        json.dumps({"things": [A, B], "next": None}, indent=1),
        json.dumps({"things": [A]}) + "\n" + json.dumps({"things": []}) + "\n" + json.dumps({"things": [B]}),
        json.dumps({"things": [A]}) + json.dumps({"things": None}) + json.dumps(B),
    ],
)
def test_every_form_gives_the_same_rows(lab, counts, text):
    lab.land("zendesk/things/a.json", text)
    assert counts(load(lab)) == (2, 2, 0, 0)
    assert loaded(lab) == LOADED
    assert lab.rows("zendesk/things", "_row_no") == [(1,), (2,)]


def test_bad_lines_cost_themselves_only(lab, counts):
    broken = ['{"id": 1, "updated_at": ', "[1, 2]", '"text"', '{"id": 2} {"id": 3}', '{"x": "\udcff"}', ""]
    lines = [json.dumps(A), *broken, *[json.dumps(A | {"id": n}) for n in range(10)], json.dumps(B)]
    lab.land("zendesk/things/a.ndjson", "\n".join(lines).encode("utf-8", "surrogateescape"))
    # An array in a line holds records; these two are none.
    assert counts(load(lab)) == (18, 12, 0, 6)
    assert {row[0] for row in loaded(lab)} >= {"9007199254740993123", "007", *map(str, range(10))}
    assert '{\\"id\\": 1, \\"updated_at\\": ' in lab.quarantined_text()


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"things": [A, B]})[:-20],
        json.dumps({"things": [A, B]}, indent=1)[:-20],
        "[" + ",\n".join(json.dumps(A) for _ in range(3)),
        "not json at all",
        "[" * 5000,
        '{"a":' * 5000 + "1",
    ],
)
def test_a_broken_page_is_a_broken_file(lab, counts, text):
    lab.land("zendesk/things/a.json", text)
    result = load(lab)
    assert counts(result) == (0, 0, 0, 0)
    assert result.quarantined_files == ["zendesk/things/a.json"]
    assert "malformed or truncated JSON" in result.messages[0]


def test_an_empty_page_and_a_page_without_records(lab, counts):
    lab.land("zendesk/things/a.json", '{"things": [], "count": 0}')
    lab.land("zendesk/things/b.json", "")
    lab.land("zendesk/things/c.json", '{"error": "RecordNotFound"}')
    assert counts(load(lab)) == (1, 0, 0, 1)
    assert "missing thing_id" in lab.quarantined_text()


@pytest.mark.parametrize("form", ["lines", "page"])
def test_unknown_keys_are_counted_and_bodies_never_stored(lab, form):
    things = [A | {"mood": "good", "odd'key": 1}, B | {"mood": None}]
    lab.land("zendesk/things/a.json", "\n".join(map(json.dumps, things)) if form == "lines" else json.dumps(things))
    assert load(lab).new_columns == {"mood": 2, "odd'key": 1}
    lab.sources = {"zendesk": {"keep_columns": ["odd'key"]}}
    load(lab, reload=[ID])
    assert lab.rows("zendesk/things", "_extra") == [('{"odd\'key":1}',), (None,)]
    for name in lab.lake_files("zendesk/things"):
        with open(name, "rb") as file:  # noqa: PTH123
            content = file.read()
        assert b"dear all" not in content and b"mood" not in content


@pytest.mark.parametrize("form", ["lines", "page", "concatenated"])
def test_rejected_records_keep_their_position_and_text(lab, counts, form):
    things = [A, B | {"amount": "much"}, B]
    join = {"lines": "\n", "concatenated": " "}.get(form)
    lab.land("zendesk/things/a.json", join.join(map(json.dumps, things)) if join else json.dumps({"things": things}))
    assert counts(load(lab)) == (3, 2, 0, 1)
    row = json.loads(lab.quarantined_text())
    assert (row["position"], row["reason"]) == (2, "amount is no number")
    assert json.loads(row["raw"]) == things[1]


def test_children_become_rows_and_come_back_from_quarantine(lab, counts):
    parents = [
        {"id": 1, "children": [{"id": 11, "kind": "a"}, {"id": 12, "kind": "c"}, {"id": 13, "kind": None}]},
        {"id": 2, "children": []},
        {"id": 3},
    ]
    lab.land("zendesk/things/a.json", json.dumps({"things": parents}))
    assert counts(load(lab, CHILDREN)) == (4, 2, 0, 2)
    assert lab.rows("zendesk/things", "child_id, parent_id, kind, _row_no") == [
        ("11", "1", "a", 1),
        ("13", "1", None, 3),
    ]
    mended = Stream(
        **{**CHILDREN.__dict__, "columns": (*CHILDREN.columns[:2], Column("kind", expr="json_text(child, '$.kind')"))}
    )
    assert counts(load(lab, mended)) == (1, 1, 0, 0)
    assert lab.rows("zendesk/things", "child_id, kind, _row_no")[-1] == ("12", "c", 2)
    assert counts(lab.accounting("zendesk/things")[0]) == (4, 3, 0, 1)
