"""Growing logs: read on from where they were, by content, whatever the file is called."""

from __future__ import annotations

from ingestion.streams import Column, Stream

ID = ("asterisk", "queue_log")
LOG = Stream(
    *ID,
    "log",
    log_fields=("epoch", "call", "event"),
    columns=(
        Column("log_id", expr="_log_id", required=True),
        Column("logged_at", "epoch", expr="epoch", required=True),
        Column("call_id", expr="call"),
        Column("event", required=True),
    ),
)
LINES = [f"{1772445600 + n}|c{n}|ENTERQUEUE|x\n" for n in range(6)]


def load(lab):
    return lab.run(streams={ID: LOG}).streams[ID]


def events(lab) -> list[tuple]:
    return lab.rows("asterisk/queue_log", "call_id, event, _row_no")


def test_equal_lines_are_different_events_and_survive_a_second_delivery(lab, counts):
    text = LINES[0] + LINES[1] * 3 + "\n" + LINES[0]
    lab.land("asterisk/queue_log/queue_log", text)
    assert counts(load(lab)) == (5, 5, 0, 0)
    assert [row_no for *_, row_no in events(lab)] == [1, 2, 3, 4, 6]
    lab.land("asterisk/queue_log/queue_log.1.gz", text)
    lab.land("asterisk/queue_log/a_copy_with_more", LINES[5] + text)
    assert counts(load(lab)) == (6, 1, 5, 0)


def test_a_grown_log_is_read_on_even_when_renamed_or_compressed(lab, counts):
    lab.land("asterisk/queue_log/queue_log", "".join(LINES[:2]))
    assert counts(load(lab)) == (2, 2, 0, 0)
    lab.land("asterisk/queue_log/queue_log", "".join(LINES[:3]))
    assert counts(load(lab)) == (1, 1, 0, 0)
    (lab.settings.landing / "asterisk/queue_log/queue_log").unlink()
    lab.land("asterisk/queue_log/queue_log-0301.gz", "".join(LINES[:5]))
    lab.land("asterisk/queue_log/queue_log", LINES[5])
    assert counts(load(lab)) == (3, 3, 0, 0)
    assert [row[2] for row in lab.rows("asterisk/queue_log", "log_id, call_id, _row_no", "call_id")] == [
        1,
        2,
        3,
        4,
        5,
        1,
    ]
    assert len(set(lab.rows("asterisk/queue_log", "log_id"))) == 2
    assert counts(load(lab)) == (0, 0, 0, 0)


def test_readings_of_one_log_that_land_in_one_night_are_one_log(lab, counts):
    lab.land("asterisk/queue_log/a", "".join(LINES[:2]))
    lab.land("asterisk/queue_log/b", "".join(LINES[:4]))
    lab.land("asterisk/queue_log/c", LINES[5])
    lab.land("asterisk/queue_log/d", "".join(LINES[:5]))
    assert counts(load(lab)) == (6, 6, 0, 0)
    assert sorted(row_no for *_, row_no in events(lab)) == [1, 1, 2, 3, 4, 5]
    assert len(set(lab.rows("asterisk/queue_log", "log_id"))) == 2


def test_a_night_of_several_logs_reads_each_on(lab, counts):
    lab.land("asterisk/queue_log/a", LINES[0])
    lab.land("asterisk/queue_log/b", LINES[3])
    load(lab)
    lab.land("asterisk/queue_log/a", LINES[0] * 2)
    lab.land("asterisk/queue_log/b", LINES[3] + LINES[4])
    assert counts(load(lab)) == (2, 2, 0, 0)


def test_equal_lines_across_a_growth(lab, counts):
    lab.land("asterisk/queue_log/q", LINES[0])
    load(lab)
    lab.land("asterisk/queue_log/q", LINES[0] * 3)
    assert counts(load(lab)) == (2, 2, 0, 0)


def test_an_unterminated_last_line_is_loaded_and_later_completed(lab, counts):
    lab.land("asterisk/queue_log/q", LINES[0] + LINES[1][:-5])
    assert counts(load(lab)) == (2, 2, 0, 0)
    lab.land("asterisk/queue_log/q", LINES[0] + LINES[1] + LINES[2])
    assert counts(load(lab)) == (2, 2, 0, 0)
    assert events(lab) == [
        ("c0", "ENTERQUEUE", 1),
        ("c1", "ENTERQUE", 2),
        ("c1", "ENTERQUEUE", 2),
        ("c2", "ENTERQUEUE", 3),
    ]
    lab.land("asterisk/queue_log/q", LINES[0] + LINES[1] + LINES[2].rstrip())
    assert counts(load(lab)) == (3, 0, 3, 0)


def test_a_log_split_in_two_brings_nothing_new(lab, counts):
    lab.land("asterisk/queue_log/q", "".join(LINES))
    load(lab)
    lab.land("asterisk/queue_log/a", "".join(LINES[:3]))
    lab.land("asterisk/queue_log/b", "".join(LINES[3:]))
    assert counts(load(lab)) == (6, 0, 6, 0)


def test_broken_lines_are_rejected_one_by_one(lab, counts):
    bad = [b"later|c|ENTERQUEUE|\n", b"1772445600|c\n", b"1772445600|\xff|X|\n", b"1772445600|\0|X|\n"]
    lab.land("asterisk/queue_log/q", b"".join([LINES[0].encode(), *bad, LINES[1].encode()]))
    assert counts(load(lab)) == (6, 2, 0, 4)
    assert [row_no for *_, row_no in events(lab)] == [1, 6]
    text = lab.quarantined_text()
    assert all(r in text for r in ("logged_at is no instant", "missing event", "not UTF-8", "a NUL byte"))
