"""Mutants of good files: none brings the ingestion down, none puts a value into another column, each is accounted for.

Many are loaded at once, in a process of their own; a batch that dies is halved until the mutant is found that did it.
"""

from __future__ import annotations

import hashlib
import random
import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.faults.exports import EXPORTS, FORMS, Export
from tests.faults.ingesting import Home, add_up
from tests.faults.mutations import mutant
from tests.faults.tally import Tally

TITLE = "Mutants of CSV, JSON and queue_log files"
FULL = 2000
SHORT = 70
SEED = 7
BATCH = 250


@dataclass(frozen=True)
class Mutant:
    export: Export
    name: str
    accident: str
    content: bytes


def run(count: int, root: Path) -> Tally:
    tally = Tally()
    made = [_make(number) for number in range(count)]
    for start in range(0, count, BATCH):
        _load(made[start : start + BATCH], root / f"batch-{start}", tally)
    return tally


def _make(number: int) -> Mutant:
    chance = random.Random(f"{SEED}/{number}")
    export = EXPORTS[number % len(EXPORTS)]
    rows = [export.row(number * 100 + n) for n in range(chance.randint(1, 25))]
    form = chance.choice(FORMS.get(export.folder, ("",)))
    accident, content = mutant(export, form, rows, chance)
    return Mutant(export, f"{export.folder}/{number:05d}{export.suffix}", accident, content)


def _load(mutants: list[Mutant], path: Path, tally: Tally) -> None:
    home = Home(path)
    for each in mutants:
        home.land(each.name, each.content)
    code, said = home.ingest_apart()
    if not code:
        _judge(home, mutants, tally)
    elif len(mutants) == 1:
        tally.saw("crashed")
        tally.expect(False, f"{mutants[0].name} ({mutants[0].accident}): exit {code}, {said['error']}")
    shutil.rmtree(path)
    if code and len(mutants) > 1:
        middle = len(mutants) // 2
        _load(mutants[:middle], path, tally)
        _load(mutants[middle:], path, tally)


def _judge(home: Home, mutants: list[Mutant], tally: Tally) -> None:
    contents = {(row.source, row.stream, row.content_hash): row for row in home.contents().values()}
    for each in mutants:
        named = f"{each.name} ({each.accident})"
        row = contents.get((each.export.source, each.export.stream, hashlib.sha256(each.content).hexdigest()))
        if row is None:
            tally.expect(False, f"{named}: neither loaded nor refused")
            continue
        tally.expect(add_up(row), f"{named}: {row} does not add up")
        if row.status == "quarantined":
            tally.saw("refused with a reason")
            tally.expect(bool(row.reason), f"{named}: refused without a reason")
            continue
        tally.saw("with rows in quarantine" if row.rows_rejected else "loaded whole")
        records = _records(each, mutants)
        tally.expect(records in (None, row.rows_read), f"{named}: {row.rows_read} rows read, {records} lines written")
    in_quarantine = {name: len(rows) for name, rows in home.rejected().items()}
    for name, row in home.contents().items():
        tally.expect(row.rows_rejected == in_quarantine.get(name, 0), f"{name}: rejected rows are not in quarantine")
    for export in EXPORTS:
        for row in home.rows(export.folder):
            for column in export.swapped(row):
                tally.expect(False, f"{export.folder}: {column} holds {row[column]!r} in row {row['_row_no']}")


def _records(each: Mutant, mutants: list[Mutant]) -> int | None:
    """Lines that must have been counted, where a line is a record whatever happened to it; None where it is not.

    A log that begins with the whole of another one has grown from it: its first lines are the other's.
    """
    if each.export.shape == "json" or b'"' in each.content:
        return None
    lines = each.content.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    if each.export.shape == "log":
        logs = [other.content for other in mutants if other.export == each.export and other.content != each.content]
        lines = lines[max(log.count(b"\n") for log in [b"", *logs] if each.content.startswith(log)) :]
    else:
        lines = lines[1:]
    return sum(1 for line in lines if line.decode("utf-8", "replace").strip())
