"""CSV: columns by name, one bad line costs one row, the record count is checked against the file itself."""

from __future__ import annotations

from datetime import datetime

CALLS = "generic/calls"
HEADER = "call_id,arrived_at,direction,outcome,stage_reached,queue"


def call(n: int, queue: str = "q") -> str:
    return f"{n:04d},2026-03-02T08:00:{n % 60:02d}+01:00,inbound,answered,agent,{queue}"


def test_header_order_does_not_matter_and_instants_become_utc(lab, counts):
    lab.land("generic/calls/a.csv", f"{HEADER}\n0007,2026-03-02T08:00:00+01:00,inbound,answered,agent,q\n")
    lab.land("generic/calls/b.csv", " queue ,outcome,stage_reached,direction,arrived_at,call_id\n"
             "q,answered,agent,inbound,2026-03-02 09:30Z,0008\n")  # fmt: skip
    assert counts(lab.load(CALLS)) == (2, 2, 0, 0)
    assert lab.rows(CALLS, "call_id, arrived_at, direction, outcome, queue") == [
        ("0007", datetime(2026, 3, 2, 7), "inbound", "answered", "q"),
        ("0008", datetime(2026, 3, 2, 9, 30), "inbound", "answered", "q"),
    ]


def test_missing_required_column_quarantines_the_file(lab, counts):
    lab.land("generic/calls/a.csv", "call_id,arrived_at,outcome,stage_reached\n1,2026-03-02T08:00:00Z,answered,agent\n")
    lab.land("generic/calls/b.csv", f"{HEADER}\n{call(1)}\n")
    result = lab.load(CALLS)
    assert counts(result) == (1, 1, 0, 0)
    assert result.quarantined_files == ["generic/calls/a.csv"]
    assert any("required column missing: direction" in m for m in result.messages)
    assert [row.file_name for row in lab.accounting(CALLS)] == ["generic/calls/b.csv"]
    assert lab.load(CALLS).quarantined_files == []


def test_doubled_header_is_refused(lab):
    lab.land("generic/calls/a.csv", f"{HEADER},queue\n{call(1)},q2\n")
    assert "names a column twice: queue" in lab.load(CALLS).messages[0]


def test_a_first_line_that_is_no_header_is_not_told(lab):
    lab.land("generic/calls/rows.csv", "1,kim@x.example,kim@x.example,+49301234567,+49301234567\n")
    lab.land("generic/calls/header.csv", f"{HEADER},kim@x.example,kim@x.example\n{call(1)},,\n")
    messages = lab.load(CALLS).messages
    assert "names a column twice: (a name like an address or number)" in messages[0]
    assert "required column missing: call_id" in messages[1] and "example" not in "".join(messages)


def test_extra_columns_are_counted_and_dropped_unless_kept(lab):
    lab.land("generic/calls/a.csv", f"{HEADER},secret,mood\n{call(1)},s3cret,\n{call(2)},s4cret,good\n")
    assert lab.load(CALLS).new_columns == {"secret": 2, "mood": 1}
    assert lab.rows(CALLS, "_extra") == [(None,), (None,)]
    lab.sources = {"generic": {"keep_columns": ["mood"]}}
    assert lab.load(CALLS, reload=[("generic", "calls")]).rows_loaded == 2
    assert lab.rows(CALLS, "_extra") == [(None,), ('{"mood":"good"}',)]
    assert all(b"s3cret" not in open(f, "rb").read() for f in lab.lake_files(CALLS))  # noqa: PTH123, SIM115


def test_blank_and_missing_optional_columns_are_null(lab):
    lab.land("generic/calls/a.csv", f"{HEADER}\n{call(1, '  ')}\n")
    lab.load(CALLS)
    assert lab.rows(CALLS, "queue, team, talk_seconds") == [(None, None, None)]


def test_quoted_newlines_load_with_lf_and_crlf(lab, counts):
    text = f'{HEADER}\n{call(1)}\n0002,2026-03-02T08:00:00Z,inbound,answered,agent,"two\nlines, one cell"\n{call(3)}\n'
    lab.land("generic/calls/lf.csv", text)
    lab.land("generic/calls/crlf.csv", text.replace("\n", "\r\n").replace("000", "100"))
    assert counts(lab.load(CALLS)) == (6, 6, 0, 0)
    assert lab.rows(CALLS, "call_id, queue, _row_no", "call_id")[1] == ("0002", "two\nlines, one cell", 2)
    assert lab.rows(CALLS, "queue", "call_id")[4] == ("two\nlines, one cell",)


def test_an_open_quote_costs_its_own_line_only(lab, counts):
    lines = [call(n) for n in range(1, 101)]
    lines[49] = lines[49].replace(",q", ',"q')
    lines[70] = lines[70].replace(",q", ',"fine"')
    lab.land("generic/calls/a.csv", "\n".join([HEADER, *lines]) + "\n")
    assert counts(lab.load(CALLS)) == (100, 99, 0, 1)
    assert {row[0] for row in lab.rows(CALLS, "call_id")} == {f"{n:04d}" for n in range(1, 101) if n != 50}
    text = lab.quarantined_text()
    assert '"position": 50' in text and "never closed" in text and '\\"q' in text


def test_wrong_field_counts_nul_and_blank_lines(lab, counts):
    lines = [HEADER, call(1), "", "0002,too,few", call(3) + ",too,many", call(4).replace("q", "q\0"), call(5), ""]
    lab.land("generic/calls/a.csv", "\n".join(lines))
    assert counts(lab.load(CALLS)) == (5, 2, 0, 3)
    assert [n for (n,) in lab.rows(CALLS, "_row_no")] == [1, 6]
    text = lab.quarantined_text()
    assert "3 fields where the header has 6" in text and "a NUL byte" in text


def test_a_last_line_without_newline_and_a_file_without_rows(lab, counts):
    lab.land("generic/calls/a.csv", f"{HEADER}\r\n{call(1)}\r\n{call(2)}")
    lab.land("generic/calls/b.csv", f"{HEADER}\n")
    lab.land("generic/calls/c.csv", "")
    assert counts(lab.load(CALLS)) == (2, 2, 0, 0)
    assert len(lab.accounting(CALLS)) == 3


def test_encodings(lab, counts):
    lab.land("generic/calls/bom.csv", "\ufeff" + f"{HEADER}\n{call(1, 'Zürich')}\n")
    lab.land("generic/calls/cp1252.csv", f"{HEADER}\n{call(2, 'Zürich')}\n".encode("cp1252"))
    lab.land("generic/calls/utf16.csv", f"{HEADER}\n{call(3)}\n".encode("utf-16"))
    result = lab.load(CALLS)
    assert counts(result) == (1, 1, 0, 0)
    assert lab.rows(CALLS, "call_id, queue") == [("0001", "Zürich")]
    assert result.quarantined_files == ["generic/calls/cp1252.csv", "generic/calls/utf16.csv"]
    assert all("wrong encoding" in m and "export it as UTF-8" in m for m in result.messages)


def test_a_million_columns_and_a_huge_line_are_refused_cheaply(lab, counts):
    lab.land("generic/calls/wide.csv", ",".join(f"c{i}" for i in range(300_000)) + "\n")
    lab.land("generic/calls/long.csv", f"{HEADER}\n{call(1)}\n{call(2, 'x' * (9 << 20))}\n{call(3)}\n")
    result = lab.load(CALLS)
    assert counts(result) == (3, 2, 0, 1)
    assert result.quarantined_files == ["generic/calls/wide.csv"]
    assert len(lab.quarantined_text()) < 4 << 20
