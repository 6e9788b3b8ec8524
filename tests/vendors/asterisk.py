"""Call detail records, without a header, and lines of queue_log as Asterisk writes them."""

from __future__ import annotations

from datetime import datetime

from tests.vendors.cases import Case

ZONE = {"time_zone": "Europe/Berlin", "country": "DE"}


def record(
    start: str = "2026-03-02 10:00:00",
    answer: str = "2026-03-02 10:00:05",
    end: str = "2026-03-02 10:03:33",
    *,
    unique: str = "1772445600.41",
    disposition: str = "ANSWERED",
    channel: str = "PJSIP/2001-0001",
    dst: str = "+49301234567",
    app: str = "Dial",
    seconds: tuple[int, int] = (213, 208),
) -> str:
    """One line of Master.csv with uniqueid and userfield."""
    texts = ("", "2001", dst, "from-internal", '""Ana"" <2001>', channel, "PJSIP/trunk-0002", app, "PJSIP/x,,T")
    head = ",".join(f'"{text}"' for text in texts)
    answered = f'"{answer}"' if answer else ""
    return (
        f'{head},"{start}",{answered},"{end}",{seconds[0]},{seconds[1]},"{disposition}","DOCUMENTATION","{unique}",""\n'
    )


def cdr_csv(calls: list[dict[str, str]], extension: dict[str, str]) -> str:
    """Outbound calls of the `generic` stream, instants in UTC; `extension` of each agent's e-mail."""

    def local(iso: str) -> str:
        return f"{datetime.fromisoformat(iso):%Y-%m-%d %H:%M:%S}" if iso else ""

    return "".join(
        record(
            local(call["arrived_at"]),
            local(call["answered_at"]),
            local(call["ended_at"]),
            unique=call["call_id"],
            disposition="ANSWERED" if call["answered_at"] else "NO ANSWER",
            channel=f"PJSIP/{extension[call['agent_email']]}-0001",
            dst=call["caller_phone"],
            seconds=(0, int(call["talk_seconds"] or 0)),
        )
        for call in calls
    )


_SEEN = "unique_id, agent, started_at::varchar, answered_at::varchar, talk_seconds::int, disposition"
_ROW = ("1772445600.41", "2001", "2026-03-02 09:00:00", "2026-03-02 09:00:05", 208, "ANSWERED")
_BLANK = '"",' * 9
_SHORT = ",".join(record().split(",")[:-2]) + "\n"


def line(
    event: str, *data: str, at: int = 1772445600, call: str = "1.41", queue: str = "orders", member: str = "Omar"
) -> str:
    """One line of queue_log."""
    return "|".join([str(at), call, queue, member, event, *data]) + "\n"


_LINE = "logged_at::varchar, call_id, queue, agent, event, data1, data2, data3"
_ENTER, _DONE = line("ENTERQUEUE", "", "+49301234567", "1", member="NONE"), line("COMPLETEAGENT", "33", "180", "1")
_ENTERED = ("2026-03-02 10:00:00", "1.41", "orders", "NONE", "ENTERQUEUE", None, None, "1")
_ENDED = ("2026-03-02 10:00:00", "1.41", "orders", "Omar", "COMPLETEAGENT", "33", "180", "1")
QUEUE_LOG = {
    "happy": Case(
        files={"queue_log": _ENTER + _DONE}, settings=ZONE, counts=(2, 2, 0, 0),
        select=f"{_LINE}, length(caller_phone_key)", rows=[(*_ENTERED, 64), (*_ENDED, None)],
    ),
    "empty": Case(files={"queue_log": ""}),
    # Equal lines of one log are two events; a line that stands in the rotated log and in the new one is one.
    "repeated_border": Case(
        files={"queue_log.1": _ENTER + _DONE + _DONE, "queue_log": _DONE + line("PAUSE", "lunch")},
        counts=(5, 4, 1, 0), select="event",
        rows=[("COMPLETEAGENT",), ("COMPLETEAGENT",), ("ENTERQUEUE",), ("PAUSE",)],
    ),
    "newer_version": Case(impossible="a line is written once; a log only grows"),
    # Nobody knows what stands behind an unknown event: none of it is kept.
    "unknown_enum": Case(
        files={"queue_log": line("JUGGLE", "+49301234567")}, counts=(1, 1, 0, 0), select=_LINE,
        rows=[(*_ENDED[:4], "JUGGLE", None, None, None)],
    ),
    "all_null_row": Case(
        files={"queue_log": "||||||\n" + line("ABANDON", "", "", "") + line("RINGNOANSWER", queue="", member=" ")},
        counts=(3, 1, 0, 2), select=_LINE,
        rows=[("2026-03-02 10:00:00", "1.41", None, None, "RINGNOANSWER", None, None, None)],
    ),
    # Seconds since 1970: 02:30 in Berlin and, an hour later, 02:30 again.
    "dst_overlap": Case(
        files={"queue_log": line("PAUSE", at=1792888200) + line("PAUSE", at=1792891800)}, settings=ZONE,
        counts=(2, 2, 0, 0), select="logged_at::varchar", rows=[("2026-10-25 00:30:00",), ("2026-10-25 01:30:00",)],
    ),
    "non_ascii": Case(
        files={"queue_log": line("PAUSE", "Frühstück", queue="Rückruf 返品", member="Zoë")}, counts=(1, 1, 0, 0),
        select="queue, agent, data1", rows=[("Rückruf 返品", "Zoë", "Frühstück")],
    ),
    "wrong_encoding": Case(
        files={"queue_log": _DONE.encode() + line("PAUSE", "Frühstück").encode("latin-1"),
               "queue_log.1": _DONE.encode("utf-16")},
        counts=(2, 1, 0, 1), select=_LINE, rows=[_ENDED], refused=("queue_log.1",),
    ),
    # A log has lines and no columns: one with less than an event needs is rejected for itself.
    "missing_column": Case(
        files={"queue_log": line("CONNECT", "33") + "1772445600|1.41|orders\n"}, counts=(2, 1, 0, 1), select=_LINE,
        rows=[(*_ENDED[:4], "CONNECT", "33", None, None)],
    ),
    # A part more is kept where no sense of the others hangs on it, else a separator may be one too many.
    "extra_column": Case(
        files={"queue_log": line("RINGNOANSWER", "1000", "more") + line("COMPLETEAGENT", "33", "180", "1", "more")},
        counts=(2, 1, 0, 1), select=_LINE, rows=[(*_ENDED[:4], "RINGNOANSWER", "1000", "more", None)],
    ),
    "footer": Case(files={"queue_log": _DONE + "# rotated\n"}, counts=(2, 1, 0, 1), select=_LINE, rows=[_ENDED]),
}  # fmt: skip

CASES = {
    "queue_log": QUEUE_LOG,
    "cdr": {
        "happy": Case(
            files={"Master.csv": record(), "more.csv": record(unique="pbx-2.1").rstrip("\n") + ',"","pbx-1.1",7\n'},
            settings=ZONE, counts=(2, 2, 0, 0), select=f"{_SEEN}, linked_id, sequence, length(dialled_phone_key)",
            rows=[(*_ROW, None, None, 64), ("pbx-2.1", *_ROW[1:], "pbx-1.1", "7", 64)],
        ),
        "empty": Case(files={"Master.csv": ""}, settings=ZONE),
        "repeated_border": Case(
            files={"Master.csv": record() + record(unique="2.2"), "account/shop.csv": record(unique="2.2")},
            settings=ZONE, counts=(3, 2, 1, 0), select="unique_id", rows=[("1772445600.41",), ("2.2",)],
        ),
        "newer_version": Case(impossible="a record is written once, when it is over"),
        "unknown_enum": Case(
            files={"Master.csv": record(disposition="PONDERED", app="Juggle")}, settings=ZONE, counts=(1, 1, 0, 0),
            select="disposition, application", rows=[("PONDERED", "Juggle")],
        ),
        "all_null_row": Case(
            files={"Master.csv": _BLANK + '"2026-03-02 10:00:00",,"2026-03-02 10:00:00",,,"FAILED",""\n'
                                 + _BLANK + ',,,,,"",""\n'},
            settings=ZONE, counts=(2, 1, 0, 1), select=_SEEN,
            rows=[(None, None, "2026-03-02 09:00:00", None, None, "FAILED")],
        ),
        "dst_overlap": Case(
            # Both hours are called 02:30 in Berlin: without an offset the file does not say which; it is the second.
            files={"Master.csv": record("2026-10-25 02:30:00", "", "2026-10-25 02:30:40", disposition="BUSY")},
            settings=ZONE, counts=(1, 1, 0, 0), select="started_at::varchar", rows=[("2026-10-25 01:30:00",)],
        ),
        "non_ascii": Case(
            files={"Master.csv": record(disposition="BESETZT Ü")}, settings=ZONE, counts=(1, 1, 0, 0),
            select="disposition", rows=[("BESETZT Ü",)],
        ),
        "wrong_encoding": Case(
            files={"Master.csv": record(disposition="BESETZT Ü").encode("latin-1")}, settings=ZONE,
            refused=("Master.csv",),
        ),
        "missing_column": Case(
            files={"optional.csv": _SHORT, "required.csv": '"","2001","030"\n'}, settings=ZONE, counts=(1, 1, 0, 0),
            select=_SEEN, rows=[(None, *_ROW[1:])], refused=("required.csv",),
        ),
        "extra_column": Case(
            files={"Master.csv": record().rstrip("\n") + ',"","1.1",7,"more"\n'}, settings=ZONE, counts=(1, 1, 0, 0),
            select=_SEEN, rows=[_ROW], new_columns={"column 22": 1},
        ),
        "footer": Case(
            files={"Master.csv": record() + "# rotated\n"}, settings=ZONE, counts=(2, 1, 0, 1), select=_SEEN,
            rows=[_ROW],
        ),
    }
}  # fmt: skip
