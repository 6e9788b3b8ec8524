"""What stands in quarantine is loaded by the next run once its mapping, setting or adapter is mended, and only then.

The accounting of the file moves with its rows: read stays, rejected becomes loaded or duplicate.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ingestion.adapters import STREAMS
from ingestion.streams import Column, Stream
from tests.faults.exports import CALLS, CONTACT_RECORDS, MESSAGES, QUEUE_LOG, TICKETS, ZENDESK_TICKETS, Export, csv_text
from tests.faults.exports import good_text as text_of
from tests.faults.ingesting import Home, add_up
from tests.faults.tally import Tally

TITLE = "Quarantined rows and files after the mapping is mended"
ROWS = 40

Row = dict[str, Any]


@dataclass(frozen=True)
class Mending:
    """`spoil` makes a defect of every fourth row (of every row, `whole_file`), which `columns`, `fields` or `sources`
    mend. `gone`: the landed file has left the landing area by then. `copies`: as many defective rows are loaded
    already by another spelling, so they become duplicates."""

    title: str
    export: Export
    spoil: Callable[[Row], Row]
    columns: dict[str, Column] = field(default_factory=dict)
    fields: tuple[str, ...] = ()
    sources: dict[str, Any] = field(default_factory=dict)
    form: str = "lines"
    whole_file: bool = False
    gone: bool = False
    copies: bool = False


def _set(column: str, value: Callable[[str], Any]) -> Callable[[Row], Row]:
    return lambda row: row | {column: value(row[column])}


def _status(*, as_of: str = "thawed") -> Callable[[Row], Row]:
    return _set("status", lambda value: as_of)


_THAWED = {"status": Column("status", required=True, expr="CASE status WHEN 'thawed' THEN 'open' ELSE status END")}
_FIELD = ("status",)
_DAY = {"generic": {"time_zone": "Asia/Kolkata"}}
_NAIVE = _set("updated_at", lambda value: value.removesuffix("Z"))
_EPOCH = {"logged_at": Column("logged_at", "epoch", expr="replace(epoch_seconds, 'at ', '')", required=True)}

MENDINGS = (
    Mending("CSV, a status map", TICKETS, _status(), _THAWED, _FIELD),
    Mending("CSV, a status map, the file gone", TICKETS, _status(), _THAWED, _FIELD, gone=True),
    Mending("CSV, a status map, rows known by now", TICKETS, _status(), _THAWED, _FIELD, copies=True),
    Mending("CSV, a time zone for the source", MESSAGES, _NAIVE, sources=_DAY),
    Mending("CSV, a time zone for a whole file", MESSAGES, _NAIVE, sources=_DAY, whole_file=True),
    Mending("CSV, a time zone for a file that is gone", MESSAGES, _NAIVE, sources=_DAY, whole_file=True, gone=True),
    Mending("CSV, a direction that the adapter learns", CALLS, _set("direction", lambda v: "incoming"),
            {"direction": Column("direction", required=True, expr="replace(direction, 'incoming', 'inbound')")},
            ("direction",)),
    Mending("CSV, a required column that the adapter finds elsewhere", TICKETS,
            lambda row: {"via" if name == "channel" else name: value for name, value in row.items()},
            {"channel": Column("channel", required=True, expr="via")}, ("via",), whole_file=True),
    Mending("NDJSON, a status map", ZENDESK_TICKETS, _status(), _THAWED, _FIELD),
    Mending("JSON page, a status map", ZENDESK_TICKETS, _status(), _THAWED, _FIELD, form="page"),
    Mending("JSON page, a status map, file gone", ZENDESK_TICKETS, _status(), _THAWED, _FIELD, form="page", gone=True),
    Mending("JSON array, an instant with a word", ZENDESK_TICKETS, _set("created_at", lambda v: f"at {v}"),
            {"created_at": Column("created_at", "instant", expr="replace(created_at, 'at ', '')", required=True)},
            ("created_at",), form="array"),
    Mending("JSON, an instant with a word in all rows", ZENDESK_TICKETS, _set("created_at", lambda v: f"at {v}"),
            {"created_at": Column("created_at", "instant", expr="replace(created_at, 'at ', '')", required=True)},
            ("created_at",), whole_file=True),
    Mending("concatenated JSON, a duration with its unit", CONTACT_RECORDS, _set("hold_seconds", lambda v: f"{v} s"),
            {"hold_seconds": Column("hold_seconds", "seconds", expr="rtrim(json_text(\"Agent\", "
                                    "'$.CustomerHoldDuration'), ' s')")}, form="concatenated"),
    Mending("log lines, an instant with a word", QUEUE_LOG, _set("logged_at", lambda v: f"at {v}"), _EPOCH),
    Mending("log lines, an instant with a word, file gone", QUEUE_LOG, _set("logged_at", lambda v: f"at {v}"), _EPOCH,
            gone=True),
)  # fmt: skip
FULL = len(MENDINGS)
SHORT = 4


def run(count: int, root: Path) -> Tally:
    tally = Tally()
    for number, mending in enumerate(MENDINGS[:: len(MENDINGS) // count]):
        _try(mending, Home(root / str(number)), tally)
    return tally


def _try(case: Mending, home: Home, tally: Tally) -> None:
    export, name = case.export, f"{case.export.folder}/1{case.export.suffix}"
    good = [export.row(n) for n in range(ROWS)]
    bad = range(ROWS) if case.whole_file else range(0, ROWS, 4)
    rows = [case.spoil(row) if n in bad else row for n, row in enumerate(good)]
    path = home.land(name, _text(export, rows, case.form))
    home.ingest()
    stands = home.contents()[name]
    tally.expect(stands.status == ("quarantined" if case.whole_file else "loaded"), f"{case.title}: {stands}")
    if not case.whole_file:
        found = (stands.rows_read, stands.rows_loaded, stands.rows_rejected)
        tally.expect(found == (ROWS, ROWS - len(bad), len(bad)), f"{case.title}: {stands}")
    home.ingest()
    tally.expect(home.contents()[name] == stands, f"{case.title}: moved without any mending")
    if case.copies:
        known = [row | {"status": "open"} for n, row in enumerate(good) if n in bad]
        home.land(f"{export.folder}/2{export.suffix}", _text(export, known, case.form))
        home.ingest()
    if case.gone:
        path.unlink()
    home.sources = case.sources
    changed = _mended(STREAMS[(export.source, export.stream)], case)
    result = home.ingest(changed).streams[(export.source, export.stream)]
    moved = home.contents()[name]
    loaded, duplicate = (ROWS - len(bad), len(bad)) if case.copies else (ROWS, 0)
    tally.expect(add_up(moved) and moved.status == "loaded", f"{case.title}: {moved}")
    found = (moved.rows_read, moved.rows_loaded, moved.rows_duplicate, moved.rows_rejected)
    tally.expect(found == (ROWS, loaded, duplicate, 0), f"{case.title}: {found}, {result}")
    told = (result.rows_read, result.rows_loaded, result.rows_duplicate, result.rows_rejected)
    tally.expect(told == (len(bad), loaded and len(bad) - duplicate, duplicate, 0), f"{case.title}: {told}")
    positions = sorted(row["_row_no"] for row in home.rows(export.folder) if row["_file"] == moved.content_hash)
    places = [n + 1 for n in range(ROWS) if not (case.copies and n in bad)]
    tally.expect(positions == places, f"{case.title}: positions {positions}")
    keys = sorted(row[export.key] for row in home.rows(export.folder))
    tally.expect(keys == sorted(row[export.key] for row in good), f"{case.title}: keys {keys}")
    tally.expect(not home.rejected() and not home.kept_files(), f"{case.title}: something is left in quarantine")
    home.ingest(changed)
    tally.expect(home.contents()[name] == moved, f"{case.title}: loaded once more")
    tally.saw("whole files" if case.whole_file else "files with rejected rows")
    tally.saw("rows that left quarantine", len(bad))


def _mended(stream: Stream, case: Mending) -> dict[tuple[str, str], Stream]:
    if not case.columns:
        return {}
    columns = tuple(case.columns.get(column.name, column) for column in stream.columns)
    return {stream.id: replace(stream, columns=columns, fields=(*stream.fields, *case.fields))}


def _text(export: Export, rows: list[Row], form: str) -> str:
    if export.shape == "csv":
        return csv_text([list(rows[0]), *(list(row.values()) for row in rows)])
    return text_of(export, rows, form)
