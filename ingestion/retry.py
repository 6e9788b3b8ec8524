"""What is tried again after an adapter or its settings changed: rejected rows, and files that were quarantined whole.

Nothing is forgotten before what takes its place is stored: after a kill all of it is tried again. Not here: when.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.landing import LandedFile
from ingestion.manifest import ContentRow
from ingestion.outcome import Unit
from ingestion.quarantine import RejectedRow

if TYPE_CHECKING:
    from ingestion.stream_run import StreamRun


def retry_rows(run: StreamRun) -> None:
    """Loads the rejected rows of loaded contents once more, one content after the other."""
    for row in run.manifest.contents(run.id, "loaded"):
        rejected = run.quarantine.rows(run.id, row.content_hash)
        if rejected and not row.rows_rejected:
            # A run died between loading them and taking them out of quarantine.
            run.quarantine.put_rows(run.id, row.content_hash, [])
        elif candidates := [one for one in rejected if one.retry]:
            _retry(run, _unit(run, row, candidates))


def _retry(run: StreamRun, unit: Unit) -> None:
    run.need_hashes()
    try:
        outcome = run.loader.load([unit])
    finally:
        unit.path.unlink(missing_ok=True)
    for row in outcome.rows:
        run.result.rows_loaded += row.rows_loaded
        run.result.rows_duplicate += row.rows_duplicate
        run.result.rows_read += row.rows_loaded + row.rows_duplicate
        run.result.messages.append(
            f"{row.file_name}: {row.rows_read} rejected rows tried again, {row.rows_loaded} loaded, "
            f"{row.rows_duplicate} duplicate"
        )


def _unit(run: StreamRun, row: ContentRow, rejected: list[RejectedRow]) -> Unit:
    """The rows as a file of their own, of the stream's shape."""
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", newline="", prefix="retry-", dir=run.tmp, delete=False
    ) as out:
        if rejected[0].header:
            csv.writer(out, delimiter=run.stream.delimiter, lineterminator="\n").writerow(rejected[0].header)
        out.writelines(f"{r.raw}\n" for r in rejected)
    path = Path(out.name)
    log_id = rejected[0].log_id
    size = path.stat().st_size
    return Unit(row.content_hash, row.file_name, path, size, None, log_id, 1, rejected, row)


def load_kept(run: StreamRun, released: Collection[ContentRow]) -> None:
    """Loads those whose landing file is gone from the kept copy; copies of what has loaded are removed."""
    now = {row.content_hash: row for row in run.manifest.contents(run.id)}
    for row in released:
        kept = run.quarantine.file(run.id, row.content_hash)
        if kept and now[row.content_hash].load_no == row.load_no:
            info = kept.stat()
            run.load_new([LandedFile(kept, row.file_name, info.st_size, info.st_mtime_ns)], [row])
            now = {r.content_hash: r for r in run.manifest.contents(run.id)}
        if now[row.content_hash].status == "loaded":
            run.quarantine.drop_file(run.id, row.content_hash)
