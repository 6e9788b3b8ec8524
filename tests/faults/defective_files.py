"""Files of which up to 30 % of the rows are defective: every row is loaded, a duplicate or rejected, and counted so.

The counts, positions, texts and keys are those of the writer (defective_rows.py); no reader is asked for them.
"""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path
from typing import Any

import zstandard

from ingestion.quarantine import RejectedRow
from tests.faults.defective_rows import Writer, Written
from tests.faults.exports import EXPORTS, FORMS
from tests.faults.ingesting import Home
from tests.faults.tally import Tally

TITLE = "Generated files with up to 30 % defective rows"
FULL = 500
SHORT = 28
SEED = 6
FILES_A_NIGHT = 50
PACKED = {"": bytes, ".gz": gzip.compress, ".zst": zstandard.compress}


def run(count: int, root: Path) -> Tally:
    tally = Tally()
    chance = random.Random(SEED)
    writer, home = Writer(chance), Home(root / "home")
    written: list[Written] = []
    for number in range(count):
        export = EXPORTS[number % len(EXPORTS)]
        form = chance.choice(FORMS.get(export.folder, ("",)))
        suffix = chance.choice(list(PACKED))
        name = f"{export.folder}/{number:04d}{export.suffix}{suffix}"
        file = writer.write(export, form, name, chance.randint(5, 80), chance.uniform(0, 0.3))
        home.land(name, PACKED[suffix](file.content))
        written.append(file)
        if number % FILES_A_NIGHT == FILES_A_NIGHT - 1 or number == count - 1:
            home.ingest()
    _compare(home, written, tally)
    return tally


def _compare(home: Home, written: list[Written], tally: Tally) -> None:
    contents, rejected = home.contents(), home.rejected()
    for file in written:
        found = contents.get(file.name)
        counts = None if found is None else (found.rows_read, found.rows_loaded, found.rows_duplicate,
                                             found.rows_rejected)  # fmt: skip
        expected = (file.read, file.loaded, file.duplicate, len(file.rejected))
        tally.expect(counts == expected, f"{file.name}: {counts} rows read, loaded, duplicate, rejected; {expected}")
        stands = {row.position: row for row in rejected.get(file.name, [])}
        for position in sorted(set(stands) ^ set(file.rejected)):
            tally.expect(False, f"{file.name}: position {position} is wrongly in or missing from quarantine")
        for position, raw in file.rejected.items():
            if position in stands:
                tally.expect(_is_told(stands[position], raw), f"{file.name}: {stands[position]} should be {raw!r}")
        tally.saw("files")
        for word, number in zip(("rows", "loaded", "duplicate", "rejected"), expected, strict=True):
            tally.saw(word, number)
    for export in EXPORTS:
        keys = {row[export.key] for row in home.rows(export.folder)}
        expected_keys = set().union(*(f.keys for f in written if f.name.startswith(f"{export.folder}/")))
        tally.expect(keys == expected_keys, f"{export.folder}: the lake's keys differ from those written")


def _is_told(row: RejectedRow, raw: Any) -> bool:
    """True if the row stands with a reason and the text that the file had."""
    if not row.reason:
        return False
    if isinstance(raw, str) and row.raw == raw:
        return True
    try:
        return json.loads(row.raw) == raw
    except ValueError:
        return False
