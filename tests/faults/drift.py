"""Exports whose columns change from one night to the next: what is new is reported and stays out, what is gone is null
and reported, what cannot be right is quarantined as a file. Nothing becomes null unseen.

Each case is one stream with a good file of yesterday and a drifted one of today.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingestion.outcome import StreamResult
from tests.faults.exports import (
    CALLS,
    CONTACT_RECORDS,
    MESSAGES,
    ORDER_LINES,
    TICKETS,
    ZENDESK_TICKETS,
    Export,
    csv_text,
    json_text,
)
from tests.faults.ingesting import Home
from tests.faults.tally import Tally

TITLE = "Schema drift: added, dropped, renamed, re-typed, re-ordered columns and keys"
SEED = 8
ROWS = 24
SECRET = "secret~"

Record = dict[str, Any]


@dataclass(frozen=True)
class Drift:
    """`change` makes a drifted record of a good one. `new`, `gone`: columns that must be reported so; `gone` are null,
    by the names they have in the file and in the lake; `refused`: a word of the reason for which the file is."""

    title: str
    export: Export
    change: Callable[[Record, int], Record]
    new: tuple[str, ...] = ()
    gone: dict[str, str] = field(default_factory=dict)
    refused: str | None = None
    form: str = "lines"


def _add(*names: str) -> Callable[[Record, int], Record]:
    return lambda record, n: record | dict.fromkeys(names, f"{SECRET}{n}")


def _drop(*names: str) -> Callable[[Record, int], Record]:
    return lambda record, n: {name: value for name, value in record.items() if name not in names}


def _rename(old: str, new: str) -> Callable[[Record, int], Record]:
    return lambda record, n: {new if name == old else name: value for name, value in record.items()}


def _retype(name: str, value: Callable[[Any, int], Any]) -> Callable[[Record, int], Record]:
    return lambda record, n: record | {name: value(record[name], n)}


def _reorder(record: Record, n: int) -> Record:
    """For CSV the order of the first record is the file's."""
    names = random.Random(SEED).sample(list(record), len(record))
    return {name: record[name] for name in names}


def _day_first(text: str, n: int) -> str:
    return f"{text[8:10]}/{text[5:7]}/{text[:4]} {text[11:16]}"


DRIFTS = (
    Drift("CSV, one column more", CALLS, _add("mood"), new=("mood",)),
    Drift("CSV, three columns more", ORDER_LINES, _add("a", "b", "c"), new=("a", "b", "c")),
    Drift("CSV, a column more with an odd name", TICKETS, _add("it's; \"new\", {x}"), new=("it's; \"new\", {x}",)),
    Drift("JSON lines, one key more", ZENDESK_TICKETS, _add("mood"), new=("mood",)),
    Drift("JSON page, two keys more", ZENDESK_TICKETS, _add("x", "y'y"), new=("x", "y'y"), form="page"),
    Drift("concatenated JSON, one key more", CONTACT_RECORDS, _add("Mood"), new=("Mood",), form="concatenated"),
    Drift("CSV, an optional column dropped", CALLS, _drop("queue"), gone={"queue": "queue"}),
    Drift("CSV, two optional columns dropped", TICKETS, _drop("team", "reopens"),
          gone={"team": "team", "reopens": "reopens"}),
    Drift("CSV, an optional instant dropped", ORDER_LINES, _drop("shipped_at"), gone={"shipped_at": "shipped_at"}),
    Drift("JSON lines, an optional key dropped", ZENDESK_TICKETS, _drop("group_id"), gone={"group_id": "group_id"}),
    Drift("JSON page, two optional keys dropped", ZENDESK_TICKETS, _drop("priority", "tags"),
          gone={"priority": "priority", "tags": "tags"}, form="page"),
    Drift("concatenated JSON, an object dropped", CONTACT_RECORDS, _drop("Queue"), gone={"Queue": "queue_name"},
          form="concatenated"),
    Drift("CSV, an optional column renamed", CALLS, _rename("team", "squad"), ("squad",), {"team": "team"}),
    Drift("CSV, a column in capitals", MESSAGES, _rename("team", "Team"), ("Team",), {"team": "team"}),
    Drift("JSON lines, an optional key renamed", ZENDESK_TICKETS, _rename("brand_id", "brandId"), ("brandId",),
          {"brand_id": "brand_id"}),
    Drift("JSON array, an optional key renamed", ZENDESK_TICKETS, _rename("recipient", "to"), ("to",),
          {"recipient": "recipient"}, form="array"),
    Drift("CSV, a required column dropped", CALLS, _drop("outcome"), refused="outcome"),
    Drift("CSV, a required column renamed", ORDER_LINES, _rename("order_id", "order"), refused="order_id"),
    Drift("JSON lines, a required key dropped", ZENDESK_TICKETS, _drop("created_at"), refused="created_at"),
    Drift("JSON page, a required key renamed", ZENDESK_TICKETS, _rename("id", "ticket"), refused="ticket_id",
          form="page"),
    Drift("concatenated JSON, a required key renamed", CONTACT_RECORDS, _rename("ContactId", "contactId"),
          refused="contact_id", form="concatenated"),
    Drift("CSV, an instant day first", CALLS, _retype("arrived_at", _day_first), refused="arrived_at"),
    Drift("CSV, an optional instant as words", TICKETS, _retype("solved_at", lambda v, n: "last week"),
          refused="solved_at"),
    Drift("CSV, instants without their offset", MESSAGES, _retype("sent_at", lambda v, n: v[:-1]), refused="sent_at"),
    Drift("CSV, a number as words", ORDER_LINES, _retype("quantity", lambda v, n: "a dozen"), refused="quantity"),
    Drift("CSV, seconds as a clock", CALLS, _retype("talk_seconds", lambda v, n: "00:03:51"), refused="talk_seconds"),
    Drift("JSON lines, an instant as a number", ZENDESK_TICKETS, _retype("updated_at", lambda v, n: 1772445600),
          refused="updated_at"),
    Drift("JSON page, an id as an object", ZENDESK_TICKETS, _retype("id", lambda v, n: {"value": v}),
          refused="ticket_id", form="page"),
    Drift("CSV, columns in another order", TICKETS, _reorder),
    Drift("JSON, keys in another order", CONTACT_RECORDS, _reorder, form="concatenated"),
)  # fmt: skip
FULL = len(DRIFTS)
SHORT = 6


def run(count: int, root: Path) -> Tally:
    tally = Tally()
    for number, drift in enumerate(DRIFTS[:: len(DRIFTS) // count]):
        _try(drift, Home(root / str(number)), tally)
    return tally


def _try(drift: Drift, home: Home, tally: Tally) -> None:
    export = drift.export
    stream = (export.source, export.stream)
    yesterday = [export.record(export.row(n)) for n in range(ROWS)]
    home.land(f"{export.folder}/1{export.suffix}", _written(export, yesterday, drift.form))
    before = home.ingest({}).streams[stream]
    tally.expect(
        (before.rows_loaded, before.missing_columns, before.new_columns) == (ROWS, {}, {}), f"{drift}: {before}"
    )
    today = [drift.change(export.record(export.row(n)), n) for n in range(ROWS, 2 * ROWS)]
    name = f"{export.folder}/2{export.suffix}"
    home.land(name, _written(export, today, drift.form))
    result = home.ingest({}).streams[stream]
    rows = {row[export.key]: row for row in home.rows(export.folder)}
    if drift.refused:
        tally.saw("files refused")
        _expect_refused(drift, home, result, name, rows, tally)
        return
    tally.saw("files loaded")
    problem = f"{drift.title}: "
    tally.expect(result.rows_loaded == ROWS, f"{problem}{result}")
    tally.expect(result.new_columns == dict.fromkeys(drift.new, ROWS), f"{problem}new {result.new_columns}")
    tally.expect(result.missing_columns == dict.fromkeys(drift.gone, ROWS), f"{problem}{result.missing_columns}")
    found = {(finding, detail) for file, finding, detail in home.findings() if file == name}
    told = {("new_column", column) for column in drift.new} | {("missing_column", column) for column in drift.gone}
    tally.expect(found == told, f"{problem}findings {found}")
    lost = _lost(drift, rows)
    tally.expect(not lost, f"{problem}{lost}")


def _expect_refused(
    drift: Drift, home: Home, result: StreamResult, name: str, rows: dict[str, Any], tally: Tally
) -> None:
    told = home.contents()[name]
    tally.expect(result.quarantined_files == [name] and result.rows_loaded == 0, f"{drift.title}: {result}")
    tally.expect(drift.refused in (told.reason or ""), f"{drift.title}: {told.reason}")
    tally.expect(home.kept_files() == {name: 1}, f"{drift.title}: not kept in quarantine")
    tally.expect(len(rows) == ROWS, f"{drift.title}: {len(rows)} rows in the lake")


def _lost(drift: Drift, rows: dict[str, Record]) -> list[str]:
    """What the lake has otherwise than the export: nulls where values were, values of new columns."""
    export, faults = drift.export, []
    null = {drift.gone[name] for name in drift.gone}
    if "Queue" in drift.gone:
        null |= {"enqueued_at"}
    for n in range(ROWS, 2 * ROWS):
        row = rows.get(export.value(export.key, n))
        if row is None:
            faults.append(f"row {n} is not there")
            continue
        faults += [f"{column} of row {n} is {row[column]!r}" for column in export.columns
                   if (row[column] is None) != (column in null)]  # fmt: skip
        faults += [f"{column} of row {n} has another's value" for column in export.swapped(row)]
        faults += [f"{name} holds {value!r}" for name, value in row.items() if SECRET in str(value)]
    return faults[:3]


def _written(export: Export, records: list[Record], form: str) -> str:
    if export.shape == "csv":
        return csv_text([list(records[0]), *(list(record.values()) for record in records)])
    return json_text(records, form, export.stream)
