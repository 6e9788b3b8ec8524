"""What is handed about while a stream loads: contents to load, what became of a batch, what became of the stream.

Only data and sums belong here; load.py and stream_run.py do the work.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from ingestion.landing import Content
from ingestion.manifest import ContentRow
from ingestion.quarantine import RejectedRow
from ingestion.readers import Read


@dataclass
class Unit:
    """One content to load. `first_row`: logs, the first line not read before. `retried`: rows out of quarantine.
    `dropped`: fields that earlier files of the stream had and this one lacks."""

    content_hash: str
    file_name: str
    path: Path
    size: int
    content: Content | None = None
    log_id: str | None = None
    first_row: int = 1
    retried: list[RejectedRow] | None = None
    before: ContentRow | None = None
    read: Read = field(default_factory=lambda: Read(0))
    dropped: list[str] = field(default_factory=list)


@dataclass
class Outcome:
    """What a batch did: its accounting rows, the files it refused with the reason, and those that changed meanwhile."""

    rows: list[ContentRow] = field(default_factory=list)
    refused: list[tuple[Unit, str]] = field(default_factory=list)
    postponed: list[Unit] = field(default_factory=list)

    def add(self, other: Outcome) -> None:
        self.rows += other.rows
        self.refused += other.refused
        self.postponed += other.postponed


SHRINK_LIMIT = 0.5


@dataclass
class StreamResult:
    """What this run did with a stream. Counts speak of this run's new contents and of the rows that left quarantine,
    so that read = loaded + duplicate + rejected; `seconds` is wall time, `bytes` are
    decompressed. `missing_columns`: columns that earlier files had, with the rows in which they are null now;
    `never_delivered`: optional ones that a stream's first files lack.
    `has_landed`: whether a file of the stream has ever been there;
    `snapshot_rows`: distinct keys in this run's snapshot or in an earlier one that is too small, else None."""

    has_landed: bool = False
    files_new: int = 0
    rows_read: int = 0
    rows_loaded: int = 0
    rows_duplicate: int = 0
    rows_rejected: int = 0
    quarantined_files: list[str] = field(default_factory=list)
    new_columns: dict[str, int] = field(default_factory=dict)
    missing_columns: dict[str, int] = field(default_factory=dict)
    never_delivered: list[str] = field(default_factory=list)
    snapshot_rows: int | None = None
    previous_snapshot_rows: int | None = None
    bytes: int = 0
    seconds: float = 0.0
    messages: list[str] = field(default_factory=list)

    @property
    def has_shrunk(self) -> bool:
        """The newest snapshot has less than half of the rows of the last one that had not."""
        before, now = self.previous_snapshot_rows, self.snapshot_rows
        return before is not None and now is not None and now < before * SHRINK_LIMIT

    def count(self, row: ContentRow) -> None:
        """Adds what became of one new content."""
        self.files_new += 1
        self.rows_read += row.rows_read
        self.rows_loaded += row.rows_loaded
        self.rows_duplicate += row.rows_duplicate
        self.rows_rejected += row.rows_rejected
        if row.rows_rejected:
            self.messages.append(f"{row.file_name}: {row.rows_rejected} of {row.rows_read} rows rejected")

    def count_columns(self, unit: Unit) -> None:
        """Adds what a loaded content has of unknown columns and lacks of known ones."""
        for name, rows in unit.read.extra.items():
            self.new_columns[name] = self.new_columns.get(name, 0) + rows
        for name in unit.dropped:
            self.missing_columns[name] = self.missing_columns.get(name, 0) + unit.read.rows
