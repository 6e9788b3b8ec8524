"""Long pages are taken apart by brackets: the records are those of a parser, wherever blocks and pieces end."""

import json
import random

import pytest

from ingestion.errors import LandingError
from ingestion.readers import common, json_documents, json_pages
from ingestion.readers.common import MAX_LINE
from ingestion.streams import Column, Stream

ID = ("zendesk", "things")
THINGS = Stream(
    *ID,
    "json",
    key=("thing_id",),
    container="things",
    columns=(Column("thing_id", expr="id", required=True), Column("note")),
    fields=("id", "note"),
)


@pytest.fixture
def records(tmp_path, monkeypatch):
    """The records of a file of this content, read in blocks of `block` bytes and pieces of at most `long`."""

    def _records(content: str, block: int = 1 << 20, long: int = 1 << 16) -> list[tuple[bytes, bool]]:
        monkeypatch.setattr(common, "BLOCK", block)
        monkeypatch.setattr(json_pages, "_LONG", long)
        path = tmp_path / "a.json"
        path.write_text(content, encoding="utf-8")
        return list(json_pages.page_records(path, "things"))

    return _records


def value(chance: random.Random, depth: int = 0):
    kind = chance.randint(0, 4 if depth < 3 else 2)
    if kind < 2:
        return "".join(chance.choice('a"\\[]{}:, ü\n') for _ in range(chance.randint(0, 12)))
    if kind == 2:
        return chance.choice([None, True, 12, -1.5e3])
    if kind == 3:
        return [value(chance, depth + 1) for _ in range(chance.randint(0, 3))]
    return {chance.choice(["things", "a", 'b"', "\\"]): value(chance, depth + 1) for _ in range(chance.randint(0, 3))}


@pytest.mark.parametrize("seed", range(20))
def test_the_records_are_those_of_a_parser(records, seed):
    chance = random.Random(seed)
    for _ in range(100):
        pages, expected = [], []
        for _ in range(chance.randint(1, 3)):
            found = [{"id": value(chance), "things": value(chance)} for _ in range(chance.randint(0, 4))]
            before, after = ({f"x{n}": value(chance) for n in range(chance.randint(0, 2))} for _ in range(2))
            page = before | {"things": found} | {f"y{key}": after[key] for key in after}
            indent, ascii_only = chance.choice([None, 1]), chance.random() < 0.5
            pages.append(json.dumps(page, indent=indent, ensure_ascii=ascii_only))
            expected += found
        read = records(chance.choice(["", "\n", " "]).join(pages), chance.randint(1, 30), chance.randint(1, 9))
        assert [(json.loads(text), is_cut) for text, is_cut in read] == [(each, False) for each in expected]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"things": [{"id": 1}', "malformed or truncated"),
        ('{"things": [{"id": 1}}', "malformed or truncated"),
        ('{"things": [{"id": 1}]}]', "malformed or truncated"),
        ('{"things": [{"id": "1]}', "malformed or truncated"),
        ('{"things": [{"id": 1}]} and more', "malformed or truncated"),
        ('{"things": [{"id": 1}, 7]}', "values beside records"),
        ('{"things": [{"id": 1}, "{}"]}', "values beside records"),
        ('{"things": [{"id": 1}]} {"id": 2}', "a record beside a page"),
        ('{"things": [{"id": 1}]} {"things": null}', "a record beside a page"),
        ('{"users": {"things": [{"id": 1}]}}', "a record beside a page"),
        ('[{"things": [{"id": 1}]}]', "a record or line"),
        ('{"things": [{"id": 1}]} 12 {"things": []}', "a record or line"),
    ],
)
@pytest.mark.parametrize("block", [1, 5, 1000])
def test_what_is_no_sequence_of_pages_is_refused(records, content, said, block):
    with pytest.raises(LandingError, match=said):
        records(content, block, 3)


def test_a_long_page_costs_its_long_record_only(lab, counts):
    things = [{"id": n, "note": "x" * 900} for n in range(10_000)]
    things[7] = {"id": 7, "note": "x" * MAX_LINE}
    things[9] = [1]
    lab.land("zendesk/things/a.json", json.dumps({"users": ["things"], "things": things, "count": 1}))
    assert counts(lab.run(streams={ID: THINGS}).streams[ID]) == (10_000, 9_998, 0, 2)
    assert lab.rows("zendesk/things", "_row_no, thing_id")[6:9] == [(7, "6"), (9, "8"), (11, "10")]
    reasons = [json.loads(line)["reason"] for line in lab.quarantined_text().splitlines()]
    assert reasons == ["a record of more than 8 MiB", "not a JSON object"]


def test_a_long_page_is_never_held_as_a_whole(tmp_path, monkeypatch):
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"things": [{"id": n, "note": "x" * 900} for n in range(20_000)]}), encoding="utf-8")
    held = []
    monkeypatch.setattr(json_documents, "_fill", lambda con, chunk: held.append(sum(len(text) for text, _ in chunk)))
    json_documents._read_pages(_NoConnection(), path, "things")
    assert sum(held) > 16 << 20 and max(held) < 2 * common.BLOCK


class _NoConnection:
    def execute(self, sql: str) -> None: ...
