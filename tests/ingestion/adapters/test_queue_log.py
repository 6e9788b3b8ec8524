"""What of an Asterisk queue_log line enters the lake: seconds and counts, no caller, no number called."""

from __future__ import annotations

from datetime import datetime

from ingestion.adapters import asterisk

LOG = """\
1772445600|1772445600.41|support_de|NONE|ENTERQUEUE||+49301234567|1|Kim
1772445633|1772445600.41|support_de|Omar Haddad|CONNECT|33|1772445620.44|13
1772445813|1772445600.41|support_de|Omar Haddad|ATTENDEDTRANSFER|LINK|SIP/+49305555|SIP/x|33|180|1
1772445814|1772445600.41|support_de|Omar Haddad|BLINDTRANSFER|0305556|ctx|33|181|1
1772445900|NONE|NONE|Anna Berg|PAUSEALL|lunch
1772445901|1772445600.41|NONE|NONE|CALLERID|+49301234567
1772445902|1772445600.41|Local/2001@from-internal/n|COMPLETEAGENT|
"""


def test_queue_log_lines(typed):
    rows = {row["_row_no"]: row for row in typed(asterisk.QUEUE_LOG, LOG)}
    enter, connect, attended, blind, pause, custom, broken = (rows[number] for number in range(1, 8))
    assert (enter["log_id"], enter["logged_at"], enter["call_id"]) == ("log", datetime(2026, 3, 2, 10), "1772445600.41")
    assert len(enter["caller_phone_key"]) == 64
    assert [enter[f"data{i}"] for i in range(1, 6)] == [None, None, "1", None, None]
    assert (connect["agent"], connect["event"], connect["data1"]) == ("Omar Haddad", "CONNECT", "33")
    assert [attended[f"data{i}"] for i in range(1, 6)] == ["LINK", None, None, "33", "180"]
    assert [blind[f"data{i}"] for i in range(1, 6)] == [None, "ctx", "33", "181", "1"]
    assert pause["data1"] == "lunch"
    assert [custom[f"data{i}"] for i in range(1, 6)] == [None] * 5
    assert [row["_reason"] for row in rows.values()] == [None] * 6 + ["missing event"]
    assert broken["event"] is None


def test_queue_log_time_that_is_none_is_rejected(typed):
    [row] = typed(asterisk.QUEUE_LOG, "soon|1772445600.41|support_de|NONE|ENTERQUEUE|||1\n")
    assert row["_reason"] == "logged_at is no instant"


def test_queues_and_members_may_be_called_like_an_event(typed):
    lines = [
        "TRANSFER|NONE|ENTERQUEUE||+49301234567|1",
        "TRANSFER|CONNECT|CONNECT|33|1.44|13",
        "TRANSFER|NONE|DID|4930",
    ]
    rows = typed(asterisk.QUEUE_LOG, "".join(f"1772445600|1772445600.41|{line}\n" for line in lines))
    assert [row["queue"] for row in rows] == ["TRANSFER"] * 3
    assert [row["agent"] for row in rows] == ["NONE", "CONNECT", "NONE"]
    assert [row["event"] for row in rows] == ["ENTERQUEUE", "CONNECT", "DID"]
    assert [row["_reason"] for row in rows] == [None] * 3


def test_a_line_whose_parts_are_shifted_is_rejected(typed):
    """A separator is lost or one too many, or two lines are one, in a queue that is called like an event, too."""
    lines = []
    for queue in ("sales", "TRANSFER"):
        line = f"1772445633|1772445600.41|{queue}|Omar|ATTENDEDTRANSFER|LINK|SIP/a|SIP/b|33|180|1"
        parts = line.split("|")
        lines += ["|".join([*parts[:n], parts[n] + parts[n + 1], *parts[n + 2 :]]) for n in range(3)]
        lines += ["|".join([*parts[:n], "", *parts[n:]]) for n in range(1, 5)]
        lines.append(line + line)
    rows = typed(asterisk.QUEUE_LOG, "".join(f"{line}\n" for line in lines))
    assert len(rows) == 16 and all(row["_reason"] for row in rows)
