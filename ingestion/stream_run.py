"""One stream's part of a run: what of its landing is new, in which batches it loads, what is tried again.

Files and hashes belong here; rows do not (load.py), nor what is tried again (retry.py).
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Collection
from pathlib import Path

from ingestion.drift import reported_fields
from ingestion.errors import LandingError
from ingestion.lake import load_hashes
from ingestion.landing import Content, LandedFile, open_content, raw_hash
from ingestion.load import Loader
from ingestion.manifest import ContentRow
from ingestion.outcome import StreamResult, Unit
from ingestion.retry import load_kept, retry_rows
from ingestion.typed import MACHINERY

BATCH_FILES = 200
BATCH_BYTES = 64 << 20
PROGRESS_SECONDS = 5.0


class StreamRun:
    def __init__(self, loader: Loader, tmp: Path, say: Callable[[list[str]], None]) -> None:
        self.loader, self.tmp, self.say = loader, tmp, say
        self.stream, self.manifest, self.quarantine = loader.stream, loader.manifest, loader.quarantine
        self.id = loader.stream.id
        self.result = StreamResult()
        self._has_hashes = False
        self._told = time.monotonic()
        self._present: set[str] = set()

    def run(self, files: list[LandedFile]) -> StreamResult:
        started = time.monotonic()
        fingerprint = _fingerprint(self.loader)
        known_fingerprint = self.manifest.fingerprint(self.id)
        known_fields = self.manifest.fields(self.id)
        released: list[ContentRow] = []
        if known_fingerprint not in (None, fingerprint):
            retry_rows(self)
            released = self.manifest.contents(self.id, "quarantined")
        self.load_new(files, released)
        load_kept(self, released)
        self.result.has_landed = bool(files) or bool(self.manifest.contents(self.id))
        if known_fingerprint != fingerprint:
            with self.manifest.transaction():
                self.manifest.put_fingerprint(self.id, fingerprint)
        self._compare_snapshot()
        self._compare_fields(known_fields)
        self.result.seconds = time.monotonic() - started
        return self.result

    # --- new files

    def load_new(self, files: list[LandedFile], released: Collection[ContentRow] = ()) -> None:
        """Loads contents that are not known, and those of `released` anew."""
        again = {row.content_hash for row in released}
        paths = {name: seen for name, seen in self.manifest.paths(self.id).items() if seen[2] not in again}
        known = {row.content_hash for row in self.manifest.contents(self.id)} - again
        batch: list[Unit] = []
        aliases: list[tuple[LandedFile, str]] = []
        for file in files:
            if paths.get(file.name, ())[:2] == (file.size, file.mtime_ns):
                continue
            content = self._open(file, known, batch)
            if content is None:
                continue
            if content.content_hash in known:
                aliases.append((file, content.content_hash))
                content.discard()
                continue
            known.add(content.content_hash)
            unit = self._unit(content)
            if _has_reading_of_same_log(batch, unit):
                self._load(batch)
                batch, unit = [], self._unit(content)
            batch.append(unit)
            is_full = len(batch) >= BATCH_FILES or sum(u.size for u in batch) >= BATCH_BYTES
            if is_full:
                self._load(batch)
                batch = []
        self._load(batch)
        with self.manifest.transaction():
            for file, content_hash in aliases:
                self.manifest.put_path(self.id, file.name, file.size, file.mtime_ns, content_hash)

    def _open(self, file: LandedFile, known: set[str], batch: list[Unit]) -> Content | None:
        """The hashed content; of a log also the hashes of its beginnings that were read, or will be with `batch`."""
        lengths: list[int] = []
        if self.stream.shape == "log":
            lengths = [head.bytes for head in self.manifest.log_heads(self.id)] + [unit.size for unit in batch]
        try:
            return open_content(file, self.tmp, tuple(lengths))
        except LandingError as error:
            content_hash = raw_hash(file)
            if content_hash not in known:
                known.add(content_hash)
                self._refuse(Unit(content_hash, file.name, file.path, file.size), file, error.message)
            return None
        except FileNotFoundError:
            self.result.messages.append(f"{file.name}: gone before it was read")
            return None
        except PermissionError:
            self.result.quarantined_files.append(file.name)
            self.result.messages.append(f"{file.name}: this user may not read it; change its mode, the next run tries")
            return None

    def _unit(self, content: Content) -> Unit:
        unit = Unit(content.content_hash, content.file.name, content.path, content.size, content)
        if self.stream.shape == "log":
            unit.log_id = content.content_hash
            for head in self.manifest.log_heads(self.id):
                if content.prefixes.get(head.bytes) == head.prefix_hash:
                    unit.log_id, unit.first_row = head.log_id, head.next_row
                    break
        return unit

    def _load(self, batch: list[Unit]) -> None:
        if not batch:
            return
        self.need_hashes()
        try:
            outcome = self.loader.load(batch)
            for unit, reason in outcome.refused:
                self._refuse(unit, unit.content.file if unit.content else None, reason)
            for unit in outcome.postponed:
                self.result.messages.append(f"{unit.file_name}: changed while it was read; left for the next run")
        finally:
            for unit in batch:
                if unit.content:
                    unit.content.discard()
        refused = {id(unit) for unit, _ in outcome.refused} | {id(unit) for unit in outcome.postponed}
        self._count(outcome.rows, [unit for unit in batch if id(unit) not in refused])

    def need_hashes(self) -> None:
        """Makes `seen`, once in a run."""
        if not self._has_hashes:
            load_hashes(self.loader.con, self.loader.lake, self.manifest.lake_files(self.id))
            self._has_hashes = True

    def _count(self, rows: list[ContentRow], units: list[Unit]) -> None:
        result = self.result
        for row in rows:
            result.count(row)
        for unit in units:
            result.bytes += unit.size
            result.count_columns(unit)
            if unit.read.rows:
                self._present |= set(self.stream.raw_fields) - set(unit.read.absent)
        if time.monotonic() - self._told > PROGRESS_SECONDS:
            self._told = time.monotonic()
            self.say([f"{'/'.join(self.id)}: {result.rows_read:,} rows of {result.files_new} files"])

    def _refuse(self, unit: Unit, file: LandedFile | None, reason: str) -> None:
        """Quarantines a file whole: what rows were found in it are all rejected."""
        loader, rows = self.loader, unit.read.rows
        if file is not None:
            self.quarantine.put_file(self.id, unit.content_hash, file.path, unit.file_name, reason)
        with self.manifest.transaction():
            number = self.manifest.next_load_no()
            told = (unit.content_hash, unit.file_name, loader.loaded_at, number, "quarantined", reason)
            self.manifest.replace_content(ContentRow(*self.id, *told, rows_read=rows, rows_rejected=rows))
            self.manifest.put_findings(self.id, unit.content_hash, [("quarantined_file", reason, rows)], loader.run_id)
            if file is not None:
                self.manifest.put_path(self.id, file.name, file.size, file.mtime_ns, unit.content_hash)
        self.result.rows_read += rows
        self.result.rows_rejected += rows
        self.result.quarantined_files.append(unit.file_name)
        self.result.messages.append(f"{unit.file_name}: quarantined: {reason}")

    def _compare_fields(self, known: set[str]) -> None:
        """A key that one page lacks is missing only if no other page of this run has it."""
        if self.stream.shape == "json":
            missing = self.result.missing_columns
            self.result.missing_columns = {name: n for name, n in missing.items() if name not in self._present}
        if self._present and not known:
            self.result.never_delivered = [n for n in reported_fields(self.stream) if n not in self._present]

    def _compare_snapshot(self) -> None:
        """Against the last one that was not too small: one that is too small is so every night until another comes."""
        if not self.stream.snapshot:
            return
        result, manifest = self.result, self.manifest
        result.previous_snapshot_rows = manifest.last_snapshot(self.id)
        if not result.files_new:
            result.snapshot_rows = manifest.shrunken_snapshot(self.id)
            return
        counted = self.loader.con.execute("SELECT count(DISTINCT key) FROM snapshot_keys").fetchall()
        result.snapshot_rows = counted[0][0]
        with manifest.transaction():
            if result.has_shrunk:
                manifest.put_shrunken_snapshot(self.id, result.snapshot_rows)
            else:
                manifest.put_snapshot(self.id, self.loader.run_id, result.snapshot_rows)


def _has_reading_of_same_log(batch: list[Unit], unit: Unit) -> bool:
    """Whether a log must wait for what is in the batch: it is read on from where its last reading will have ended."""
    if unit.log_id is None or unit.content is None:
        return False
    prefixes = unit.content.prefixes
    return any(unit.log_id == one.log_id or prefixes.get(one.size) == one.content_hash for one in batch)


def _fingerprint(loader: Loader) -> str:
    """Changes when rows that were rejected might pass: with the declaration, the source's settings, the machinery."""
    source = loader.source
    settings = (source.time_zone, source.country, source.keep_columns)
    return hashlib.sha256(repr((MACHINERY, loader.stream, settings)).encode()).hexdigest()
