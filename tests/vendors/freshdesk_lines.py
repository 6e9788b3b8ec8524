"""The ugly exports of Freshdesk's CSV, one of each kind."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.vendors.cases import Case

BERLIN = {"time_zone": "Europe/Berlin"}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


HEADER = (
    "Ticket ID,Subject,Status,Source,Agent,Group,Created time,Last update time,Resolved time,"
    "Resolution time (in hrs),Tags"
)
LINE = (
    '7012,"Late,\nvery late",Closed,Email,Ana Ruiz,EU Care,2026-03-01 22:41:09,2026-03-07 08:01:23,'
    '2026-03-07 08:01:23,129:20:14,"refund, late"'
)
CSV_SELECT = (
    "ticket_id, status, via, agent_name, group_name, created_at, updated_at, resolved_at, "
    "metric_resolution_seconds, tags"
)
CREATED, UPDATED = (at(text) for text in ("2026-03-01 21:41:09", "2026-03-07 07:01:23"))
CSV_ROW = ("7012", "closed", "email", "Ana Ruiz", "EU Care", CREATED, UPDATED, UPDATED, 465614, "refund;late")


def lines(*records: str, header: str = HEADER) -> str:
    return "\n".join([header, *records, ""])


def export(text: str | bytes, *rows: tuple, **expected: Any) -> Case:
    return Case({"1.csv": text}, (len(rows), len(rows), 0, 0), CSV_SELECT, list(rows), settings=BERLIN, **expected)


#: As Freshservice and older accounts spell it.
OTHER_HEADER = HEADER.replace("ID", "Id").replace(" time", "  Time").replace("hrs", "Hrs")
NEWER = LINE.replace("Closed", "Open").replace("2026-03-07 08:01:23,2026-03-07 08:01:23", "2026-03-08 09:00:00,")
TICKETS_CSV = {
    "happy": export(lines(LINE, header=OTHER_HEADER), CSV_ROW),
    "empty": Case({"1.csv": lines()}, settings=BERLIN),
    "repeated_border": Case(
        {"1.csv": lines(LINE), "2.csv": lines(LINE, LINE.replace("7012", "7013"))},
        (3, 2, 1, 0), CSV_SELECT, [CSV_ROW, ("7013", *CSV_ROW[1:])], settings=BERLIN,
    ),
    "newer_version": Case(
        {"1.csv": lines(NEWER), "2.csv": lines(LINE)}, (2, 2, 0, 0), CSV_SELECT,
        [CSV_ROW, (CSV_ROW[0], "open", *CSV_ROW[2:6], at("2026-03-08 08:00:00"), None, *CSV_ROW[8:])], settings=BERLIN,
    ),
    "unknown_enum": export(
        lines(LINE.replace("Closed", "Waiting on Courier").replace("Email", "Carrier Pigeon")),
        ("7012", "waiting_on_courier", "carrier_pigeon", *CSV_ROW[3:]),
    ),
    "all_null_row": export(
        lines("7013,,Open,,No Agent,,2026-03-02 07:00:00,,,,"),
        ("7013", "open", None, None, None, at("2026-03-02 06:00:00"), *[None] * 4),
    ),
    # 02:30 comes at 00:30 and at 01:30 UTC; the file does not say which, the second is taken.
    "dst_overlap": export(
        lines(LINE.replace("2026-03-07 08:01:23,", "2026-10-25 02:30:00,", 1)),
        (*CSV_ROW[:6], at("2026-10-25 01:30:00"), *CSV_ROW[7:]),
    ),
    "non_ascii": export(
        lines(LINE.replace("Ana Ruiz", "Jürgen Öz").replace("EU Care", "Rücksendungen")),
        (*CSV_ROW[:3], "Jürgen Öz", "Rücksendungen", *CSV_ROW[5:]),
    ),
    "wrong_encoding": Case(
        {"1.csv": lines(LINE.replace("Ana Ruiz", "Jürgen Öz")).encode("latin-1")}, settings=BERLIN, refused=("1.csv",)
    ),
    "missing_column": Case(
        {
            "1.csv": lines("7012,Closed,2026-03-01 22:41:09", header="Ticket ID,Status,Created time"),
            "2.csv": lines("7012,2026-03-01 22:41:09", header="Ticket ID,Created time"),
        },
        (1, 1, 0, 0), CSV_SELECT, [("7012", "closed", None, None, None, CREATED, *[None] * 4)], settings=BERLIN,
        refused=("2.csv",),
    ),
    "extra_column": export(lines(f"{LINE},late", header=f"{HEADER},Reason"), CSV_ROW, new_columns={"Reason": 1}),
    "footer": Case(
        {"1.csv": lines(LINE, "Total: 1", ",,,,,,,,,,")}, (3, 1, 0, 2), CSV_SELECT, [CSV_ROW], settings=BERLIN
    ),
}  # fmt: skip
