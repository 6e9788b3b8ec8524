"""Columns that are no longer what the adapter declares: whole files of a changed shape, and columns that went away.

A row that fails for itself is no matter of this module (typed.py). A column that fails in every row that fills it is:
the vendor has changed the export, and a file of such rows is quarantined whole rather than taken in halves.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from ingestion.quoting import identifier, literal
from ingestion.readers.common import Read
from ingestion.streams import RECORD_FIELDS, Source, Stream
from ingestion.typed import MISSING, column_reasons

#: A column must fail in as many rows, and in half of the file's, before the file is at fault and not its rows.
MIN_ROWS = 3


@dataclass(frozen=True)
class Flip:
    """Why no row of a file can be right; whether a required column is missing, and so not one of its rows counts."""

    reason: str
    is_missing: bool


def flipped_files(con: duckdb.DuckDBPyConnection, stream: Stream, source: Source) -> dict[int, Flip]:
    """File number -> its flip, of the files in `typed`."""
    counted = con.execute(
        "SELECT _file_no, _reason, count(*) AS n, sum(count(*)) OVER (PARTITION BY _file_no) AS rows FROM typed "
        f"GROUP BY 1, 2 QUALIFY n >= {MIN_ROWS} AND n * 2 >= rows AND _reason IS NOT NULL ORDER BY 1, 2"
    ).fetchall()
    columns = column_reasons(stream, source)
    flipped = {}
    for file_no, reason, count, _ in counted:
        # A header that names a column has it: its rows are at fault, however many.
        if reason not in columns or (stream.shape == "csv" and reason.startswith(MISSING)):
            continue
        others = con.execute(
            f"SELECT count({identifier(columns[reason])}) FROM typed WHERE _file_no = {file_no} "
            f"AND _reason IS DISTINCT FROM {literal(reason)}"
        ).fetchall()[0][0]
        if not others:
            told = f"{reason} in {count:,} rows and good in none: the export has changed; adapt its mapping"
            flipped[file_no] = Flip(told, is_missing=reason.startswith(MISSING))
    return flipped


def reported_fields(stream: Stream) -> list[str]:
    """Raw fields whose absence is told; words of customers are read only while a rule asks for them."""
    told = [name for name in stream.raw_fields if name not in stream.free_text and name not in RECORD_FIELDS]
    return [] if stream.shape == "log" else told


def absent_fields(stream: Stream, read: Read) -> list[str]:
    return [name for name in reported_fields(stream) if name in read.absent]
