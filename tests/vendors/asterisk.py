"""Call detail records as Asterisk writes them, without a header."""

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
CASES = {
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
