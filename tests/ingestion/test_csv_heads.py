"""CSV whose head is not one row of names: several rows, names in any language or spelling, records without an id."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingestion import adapters, run
from ingestion.streams import Column, Stream

SURVEY = Stream(
    "generic",
    "answers",
    "csv",
    header_rows=3,
    key=("answer_id",),
    columns=(
        Column("answer_id", expr='"ResponseId"', required=True),
        Column("zone", expr="json_text(_header, '$.rows[2][0]')"),
        Column("score", "integer", expr="json_text(_record, '$.Q1')"),
    ),
    fields=("ResponseId", "_header", "_record"),
    required_fields=("ResponseId",),
    ignored=("StartDate", "Q1"),
)
LINES = Stream(
    "generic",
    "lines",
    "csv",
    is_loose=True,
    numbered_by=("Name",),
    key=("order_id", "line_no"),
    columns=(
        Column("order_id", expr='"Name"', required=True),
        Column("line_no", "integer", expr="_line", required=True),
        Column("quantity", "integer", expr='"Lineitem quantity"'),
    ),
    fields=("Name", "_line", "Lineitem quantity"),
)
FEEDBACK = Stream(
    "generic",
    "feedback",
    "csv",
    delimiter="\t",
    quote="",
    is_positional=True,
    fallback_encoding="latin-1",
    key=("order_id",),
    columns=(
        Column("order_id", required=True),
        Column("stars", "integer", required=True),
        Column("first_name", expr="json_text(_header, '$.rows[0][0]')"),
        Column("words"),
    ),
    fields=("order_id", "stars", "words", "_header"),
)


BARE = Stream(
    "generic",
    "bare",
    "csv",
    header_rows=0,
    key=("call_id",),
    columns=(Column("call_id", required=True), Column("seconds", "integer"), Column("note")),
    fields=("call_id", "seconds", "note"),
    required_fields=("call_id", "seconds"),
)


@pytest.fixture(autouse=True)
def streams(monkeypatch):
    """These streams in place of the real ones."""
    there = {stream.id: stream for stream in (SURVEY, LINES, FEEDBACK, BARE)}
    for module in (adapters, run):
        monkeypatch.setattr(module, "STREAMS", there)
    return there


def test_three_header_rows_of_which_one_spans_lines(lab, counts):
    head = 'StartDate,ResponseId,Q1\nStart,Id,"How likely,\nreally?"\n"{""timeZone"":""UTC""}","{}","{}"\n'
    lab.land("generic/answers/a.csv", f"{head}2026-03-02,R_1,9\n2026-03-02,R_2,3\n")
    assert counts(lab.load("generic/answers")) == (2, 2, 0, 0)
    assert lab.rows("generic/answers", "answer_id, zone, score, _row_no") == [
        ("R_1", '{"timeZone":"UTC"}', 9, 1),
        ("R_2", '{"timeZone":"UTC"}', 3, 2),
    ]


def test_a_surveys_own_columns_are_no_news_and_paired_ones_are_told(lab, counts, streams):
    paired = Column("paired", "json", expr="json_text(_header, '$.paired')")
    below = Column("below", expr="json_text(_header, '$.columns.StartDate[1]')")
    columns = (*SURVEY.columns, paired, below)
    streams[SURVEY.id] = replace(SURVEY, is_open=True, paired_by="_GROUP", columns=columns)
    head = "StartDate,ResponseId,Q1,Q1_GROUP,Q2,Q3_GROUP\nStart,Id,How?,,What?,\nz,,i,,,\n"
    lab.land("generic/answers/a.csv", f'{head}2026-03-02,R_1,9,b,words,c\n2026-03-02,R_2,9,b,"two\nlines",c\n')
    result = lab.load("generic/answers")
    assert (counts(result), result.new_columns) == ((2, 2, 0, 0), {})
    assert set(lab.rows("generic/answers", "paired, below")) == {('{"Q1":["How?","i"]}', "z")}
    lab.sources["generic"] = {"keep_columns": ["Q2"]}
    lab.land("generic/answers/b.csv", f"{head}2026-03-02,R_3,9,b,kept,c\n")
    lab.load("generic/answers")
    assert lab.rows("generic/answers", "_extra")[-1] == ('{"Q2":"kept"}',)


def test_a_file_without_its_further_header_rows_or_a_needed_column_is_refused(lab):
    lab.land("generic/answers/a.csv", "StartDate,ResponseId,Q1\nStart,Id,Q\n")
    lab.land("generic/answers/b.csv", "StartDate,Id,Q1\nStart,Id,Q\nx,y,z\n1,2,3\n")
    messages = "\n".join(lab.load("generic/answers").messages)
    assert "the file needs 3 header rows of 3 columns" in messages
    assert "required column missing: ResponseId" in messages


def test_equal_lines_of_an_order_are_lines_and_come_twice_as_duplicates(lab, counts):
    text = "NAME,lineitem  Quantity\n#1,2\n#1,2\n#2,1\n#1,5\n"
    lab.land("generic/lines/a.csv", text)
    assert counts(lab.load("generic/lines")) == (4, 4, 0, 0)
    assert lab.rows("generic/lines", "order_id, line_no, quantity", "all") == [
        ("#1", 1, 2), ("#1", 2, 2), ("#1", 3, 5), ("#2", 1, 1)
    ]  # fmt: skip
    lab.land("generic/lines/b.csv", text.replace("#2,1\n", '"#2",1\n#3,"1\n'))
    assert counts(lab.load("generic/lines")) == (5, 0, 4, 1)


def test_a_rejected_line_keeps_its_number_for_another_try(lab, counts, streams, monkeypatch):
    lab.land("generic/lines/a.csv", "Name,Lineitem quantity\n#1,2\n#1,two\n#1,two\n#1,3\n")
    assert counts(lab.load("generic/lines")) == (4, 2, 0, 2)
    words = Column("quantity", "integer", expr="replace(\"Lineitem quantity\", 'two', '2')")
    streams[LINES.id] = replace(LINES, columns=(*LINES.columns[:2], words))
    lab.load("generic/lines")
    assert lab.rows("generic/lines", "line_no, quantity", "all") == [(1, 2), (2, 2), (3, 2), (4, 3)]
    assert lab.quarantined_text() == ""


def test_columns_by_position_in_a_foreign_header_and_encoding(lab, counts, streams):
    text = 'Bestellnummer\tBewertung\tWörter\tSonst\n1\t5\tschön "\n2\tfünf\tübel\t\n'
    lab.land("generic/feedback/a.txt", text.replace('schön "', 'schön "\t').encode("latin-1"))
    assert counts(lab.load("generic/feedback")) == (2, 1, 0, 1)
    assert lab.rows("generic/feedback", "order_id, stars, first_name, words") == [("1", 5, "Bestellnummer", 'schön "')]
    stars = Column("stars", "integer", expr="replace(stars, 'fünf', '5')", required=True)
    streams[FEEDBACK.id] = replace(FEEDBACK, columns=(FEEDBACK.columns[0], stars, *FEEDBACK.columns[2:]))
    lab.load("generic/feedback")
    assert lab.rows("generic/feedback", "order_id, first_name, words", "all")[1] == ("2", "Bestellnummer", "übel")
    lab.land("generic/feedback/b.txt", "only\ttwo\n1\t5\n")
    assert "the file has 2 columns where 3 are: order_id, stars, words" in lab.load("generic/feedback").messages[0]


def test_files_without_a_header_of_different_widths(lab, counts, streams):
    lab.land("generic/bare/a.csv", "c1,5\nc2,six\n")
    lab.land("generic/bare/b.csv", 'c3,7,"said, twice",more\nc4,8,x,\n')
    lab.land("generic/bare/c.csv", "c5\nc6\n")
    result = lab.load("generic/bare")
    assert counts(result) == (4, 3, 0, 1)
    assert result.new_columns == {"column 4": 1} and result.quarantined_files == ["generic/bare/c.csv"]
    assert lab.rows("generic/bare", "call_id, seconds, note, _row_no", "call_id") == [
        ("c1", 5, None, 1), ("c3", 7, "said, twice", 1), ("c4", 8, "x", 2)
    ]  # fmt: skip
    words = Column("seconds", "integer", expr="replace(seconds, 'six', '6')")
    streams[BARE.id] = replace(BARE, columns=(BARE.columns[0], words, BARE.columns[2]))
    lab.load("generic/bare")
    assert ("c2", 6) in lab.rows("generic/bare", "call_id, seconds")
