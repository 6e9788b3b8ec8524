"""Loads a batch of contents of one stream: read, type, judge, write, account. One transaction per batch.

Which contents there are, and what was loaded before, is for stream_run.py to say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ingestion.drift import Flip, absent_fields, flipped_files, reported_fields
from ingestion.errors import LandingError
from ingestion.lake import lake_name, write_rows
from ingestion.manifest import ContentRow, LogHead, Manifest
from ingestion.outcome import Outcome, Unit
from ingestion.people import People
from ingestion.quarantine import Quarantine, RejectedRow
from ingestion.quoting import identifier, literal
from ingestion.readers import Read, Reader
from ingestion.readers.common import BAD_DATA, told_names
from ingestion.readers.log import count_lines, ends_within_line
from ingestion.streams import Source, Stream
from ingestion.typed import make_typed


@dataclass
class Loader:
    """Everything that stays the same from batch to batch of a stream. `stream` is resolved."""

    con: duckdb.DuckDBPyConnection
    stream: Stream
    source: Source
    reader: Reader
    manifest: Manifest
    quarantine: Quarantine
    lake: Path
    people: People
    run_id: str
    loaded_at: str

    def load(self, units: list[Unit]) -> Outcome:
        """Loads units in their order. Raises for what is no fault of the data (disk, memory, a wrong declaration)."""
        outcome = Outcome()
        readable = self._read(units, outcome)
        if readable and readable[0].retried is not None and readable[0].read.rejects:
            # Its rows no longer read one by one as they were kept: they stay where they are.
            return outcome
        try:
            make_typed(self.con, self.stream, self.source, self.people)
        except BAD_DATA as error:
            if len(readable) == 1:
                outcome.refused.append((readable[0], f"its values break the adapter ({type(error).__name__})"))
                return outcome
            for unit in readable:
                outcome.add(self.load([unit]))
            return outcome
        if flipped := self._flipped(readable):
            for file_no, flip in flipped.items():
                if flip.is_missing:
                    readable[file_no].read = Read(0)
                outcome.refused.append((readable[file_no], flip.reason))
            outcome.add(self.load([unit for file_no, unit in enumerate(readable) if file_no not in flipped]))
            return outcome
        if readable:
            self._judge(readable)
            outcome.rows = self._store(readable)
        return outcome

    # --- read

    def _read(self, units: list[Unit], outcome: Outcome) -> list[Unit]:
        """Fills `raw`; gives the units that are in it, numbered by their place in `units`."""
        self.reader.begin()
        readable = []
        for unit in units:
            file_no = len(readable)
            try:
                unit.read = self.reader.read(unit.path, file_no, unit.size, unit.log_id)
            except LandingError as error:
                self.con.execute(f"DELETE FROM raw WHERE _file_no = {file_no}")
                outcome.refused.append((unit, error.message))
                continue
            except (OSError, duckdb.IOException):
                if unit.content is None or not unit.content.has_changed():
                    raise
            unit.read.extra = told_names(unit.read.extra)
            if unit.content is not None and unit.content.is_other_than_hashed(may_grow=self.stream.shape == "log"):
                self.con.execute(f"DELETE FROM raw WHERE _file_no = {file_no}")
                outcome.postponed.append(unit)
                continue
            if unit.retried is not None:
                self._number_as_kept(unit.retried, file_no)
            readable.append(unit)
        self._number_rows()
        return readable

    def _number_as_kept(self, rows: list[RejectedRow], file_no: int) -> None:
        positions = ", ".join(f"({n}, {row.position})" for n, row in enumerate(rows))
        self.con.execute(
            f"UPDATE raw SET _row_no = p.position FROM (VALUES {positions}) p(n, position) WHERE _file_no = "
            f"{file_no} AND raw.rowid = p.n + (SELECT min(rowid) FROM raw WHERE _file_no = {file_no})"
        )

    def _number_rows(self) -> None:
        """Numbers the rows of files whose reader has not: a file's rows stand in their order, one after the other."""
        self.con.execute(
            "UPDATE raw SET _row_no = raw.rowid + 1 - files.start FROM (SELECT _file_no, min(rowid) AS start FROM raw "
            "GROUP BY 1 HAVING count(*) > count(_row_no)) AS files WHERE raw._file_no = files._file_no"
        )

    # --- judge

    def _flipped(self, units: list[Unit]) -> dict[int, Flip]:
        """New files of which a column is broken as a whole. Logs have no columns; retried rows no file any more."""
        if self.stream.shape == "log" or not units or units[0].retried is not None:
            return {}
        return flipped_files(self.con, self.stream, self.source)

    def _judge(self, units: list[Unit]) -> None:
        """Makes `duplicates` (_file_no, _row_no); drops what an earlier reading of a log has accounted for."""
        for file_no, unit in enumerate(units):
            if unit.first_row > 1:
                self.con.execute(f"DELETE FROM typed WHERE _file_no = {file_no} AND _row_no < {unit.first_row}")
                rejects = [r for r in unit.read.rejects if r.row_no >= unit.first_row]
                good = self.con.execute(f"SELECT count(*) FROM typed WHERE _file_no = {file_no}").fetchall()[0][0]
                unit.read = Read(good + len(rejects), rejects, unit.read.extra)
        # Three looks in place of one: `seen` is large, and what a hash table is made of is to be the batch. Which of
        # several equal rows is the first is asked of those alone.
        good = "SELECT _file_no, _row_no, _row_hash FROM typed WHERE _reason IS NULL"
        self.con.execute(
            f"CREATE OR REPLACE TEMP TABLE duplicates AS WITH good AS NOT MATERIALIZED ({good}), "
            "equal AS (SELECT _row_hash FROM good GROUP BY 1 HAVING count(*) > 1) "
            "SELECT _file_no, _row_no FROM seen JOIN good USING (_row_hash) UNION "
            "SELECT _file_no, _row_no FROM good WHERE _row_hash IN (FROM equal) "
            "QUALIFY row_number() OVER (PARTITION BY _row_hash ORDER BY _file_no, _row_no) > 1"
        )
        if self.stream.snapshot:
            key = ", ".join(f"{identifier(name)}::VARCHAR" for name in self.stream.key)
            self.con.execute(f"INSERT INTO snapshot_keys SELECT json_array({key}) FROM typed WHERE _reason IS NULL")

    def _fresh(self, file_no: int, has_duplicates: bool) -> str:
        """FROM-clause text of a file's rows that go into the lake: all of a snapshot, else what is new."""
        if self.stream.snapshot:
            once = "QUALIFY row_number() OVER (PARTITION BY _row_hash ORDER BY _row_no) = 1"
            return f"(SELECT * FROM typed WHERE _file_no = {file_no} AND _reason IS NULL {once})"
        anti = "ANTI JOIN duplicates USING (_file_no, _row_no)" if has_duplicates else ""
        return f"(SELECT * FROM typed {anti} WHERE typed._file_no = {file_no} AND _reason IS NULL)"

    # --- store

    def _store(self, units: list[Unit]) -> list[ContentRow]:
        good = self._counts("SELECT _file_no, count(*) FROM typed WHERE _reason IS NULL GROUP BY 1")
        duplicate = self._counts("SELECT _file_no, count(*) FROM duplicates GROUP BY 1")
        bad = self._counts("SELECT _file_no, count(*) FROM typed WHERE _reason IS NOT NULL GROUP BY 1")
        with self.manifest.transaction():
            numbers = [self.manifest.next_load_no() for _ in units]
        rows, written, retried = [], [], []
        for file_no, (unit, number) in enumerate(zip(units, numbers, strict=True)):
            rejected = bad[file_no] + len(unit.read.rejects)
            if unit.read.rows != good[file_no] + rejected:
                raise RuntimeError(f"{unit.file_name}: {unit.read.rows} rows, {good[file_no]} good, {rejected} bad")
            row = ContentRow(
                *self.stream.id, unit.content_hash, unit.file_name, self.loaded_at, number, "loaded", None,
                unit.read.rows, good[file_no] - duplicate[file_no], duplicate[file_no], rejected,
            )  # fmt: skip
            rows.append(row)
            if row.rows_loaded or (self.stream.snapshot and good[file_no]):
                written.append((self._write(unit, row, self._fresh(file_no, bool(duplicate[file_no]))), row))
        # Files come first, as others may not write to the manifest during a transaction; without a row they are none.
        with self.manifest.transaction():
            for name, row in written:
                self.manifest.put_lake_file(self.stream.id, name, row.content_hash)
            for file_no, (unit, row) in enumerate(zip(units, rows, strict=True)):
                rejects = list(self._rejected(unit, file_no, bool(bad[file_no])))
                if unit.retried is not None:
                    rejects = self._account_again(unit, row, rejects)
                    retried.append((unit.content_hash, rejects))
                else:
                    self.quarantine.put_rows(self.stream.id, unit.content_hash, rejects)
                    self.manifest.replace_content(row)
                self._account(unit, row, rejects)
        # Not before their loading is certain: until then the quarantine has the only copy.
        for content_hash, rejects in retried:
            self.quarantine.put_rows(self.stream.id, content_hash, rejects)
        self.con.execute(
            "INSERT INTO seen SELECT _row_hash FROM typed ANTI JOIN duplicates USING (_file_no, _row_no) "
            "WHERE _reason IS NULL"
        )
        return rows

    def _counts(self, sql: str) -> Counter[int]:
        return Counter(dict(self.con.execute(sql).fetchall()))

    def _write(self, unit: Unit, row: ContentRow, fresh: str) -> str:
        """Gives the name of the lake file."""
        attempt = row.load_no if unit.retried is not None else 0
        name = lake_name(self.stream, self.loaded_at[:10], unit.content_hash, attempt)
        relation = f"(SELECT *, {literal(unit.content_hash)} AS _file, {row.load_no} AS _load_no FROM {fresh})"
        write_rows(self.con, self.lake / name, self.stream, relation)
        return name

    def _account_again(self, unit: Unit, row: ContentRow, rejected: list[RejectedRow]) -> list[RejectedRow]:
        """Moves rows from rejected to loaded or duplicate; the file keeps its place, its reading and its total.

        Gives what stays rejected. Rows that a killed run had loaded already come as duplicates and move no count.
        """
        kept = self.quarantine.rows(self.stream.id, unit.content_hash)
        before, moved_before = unit.before, max(len(kept) - unit.before.rows_rejected, 0)
        before.rows_loaded += row.rows_loaded
        before.rows_duplicate += row.rows_duplicate - moved_before
        before.rows_rejected -= row.rows_loaded + row.rows_duplicate - moved_before
        self.manifest.put_content(before)
        self.manifest.drop_rejected_findings(self.stream.id, unit.content_hash)
        return sorted([*(r for r in kept if not r.retry), *rejected], key=lambda r: r.position)

    def _account(self, unit: Unit, row: ContentRow, rejected: list[RejectedRow]) -> None:
        stream = self.stream.id
        findings = [("new_column", name, count) for name, count in unit.read.extra.items()]
        if unit.retried is None and unit.read.rows:
            absent = absent_fields(self.stream, unit.read)
            unit.dropped = [name for name in absent if name in self.manifest.fields(stream)]
            findings += [("missing_column", name, row.rows_read) for name in unit.dropped]
            self.manifest.put_fields(stream, [n for n in reported_fields(self.stream) if n not in absent])
        findings += [("rejected", reason, count) for reason, count in Counter(r.reason for r in rejected).items()]
        self.manifest.put_findings(stream, unit.content_hash, findings, self.run_id)
        if unit.content is not None:
            file = unit.content.file
            self.manifest.put_path(stream, file.name, file.size, file.mtime_ns, unit.content_hash)
        if unit.log_id is not None and unit.retried is None and unit.size:
            lines = count_lines(unit.path, unit.size)
            following = lines if ends_within_line(unit.path, unit.size) else lines + 1
            self.manifest.put_log_head(stream, LogHead(unit.log_id, unit.size, unit.content_hash, following))

    def _rejected(self, unit: Unit, file_no: int, has_bad: bool) -> Iterator[RejectedRow]:
        """Rejected rows of a unit: those that are no record, then those that failed a rule."""
        header = tuple(unit.read.header) if unit.read.header else None
        for reject in unit.read.rejects:
            yield RejectedRow(unit.file_name, reject.row_no, reject.reason, reject.text, header, unit.log_id, False)
        if not has_bad:
            return
        reasons = dict(
            self.con.execute(
                f"SELECT _row_no, _reason FROM typed WHERE _file_no = {file_no} AND _reason IS NOT NULL ORDER BY 1"
            ).fetchall()
        )
        if unit.retried is not None:
            texts = {row.position: row.raw for row in unit.retried}
        else:
            texts = self.reader.texts(unit.path, unit.size, set(reasons))
        for position, reason in reasons.items():
            yield RejectedRow(unit.file_name, position, reason, texts[position], header, unit.log_id)
