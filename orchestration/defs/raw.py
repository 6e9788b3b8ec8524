"""`raw/<source>/<stream>`: what has been loaded from the landing area, one asset for each stream that an adapter reads.

Belongs here: how loading shows in Dagster, and the checks on it. Not here: reading files (ingestion/).
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import dagster as dg
from dagster._core.definitions.source_asset import SYSTEM_METADATA_KEY_SOURCE_ASSET_OBSERVATION as NO_EVENT

from ingestion.adapters import STREAMS
from ingestion.run import IngestResult, StreamResult, ingest
from ingestion.streams import StreamId
from ingestion.warehouse import freshness_hours
from orchestration.lib.nightly_run import NightlyRun

ACCOUNTING = "rows_read_are_accounted_for"
REJECTED = "rejected_share"
REJECTED_ROWS = "rejected_rows"
SHRINK = "snapshot_has_not_shrunk"
NEW_COLUMNS = "new_columns"
MISSING_COLUMNS = "missing_columns"
QUARANTINED = "quarantined_files"
UNKNOWN_FOLDERS = "unknown_landing_folders"

REJECTED_SHARE_LIMIT = 0.01
REJECTED_ROWS_LIMIT = 10

DESCRIPTION = """{rows}

Comes from the files in `landing/{stream}/`, as the vendor made them. Each is read once: typed, customers replaced by
keyed hashes, appended to the lake. Rows that cannot be read wait in `quarantine/{stream}/`.
"""

# An export that no adapter reads belongs into the generic streams, so their first asset is where the folder shows.
FOLDERS_ASSET = ("generic", "tickets")


def raw_key(stream: StreamId) -> dg.AssetKey:
    return dg.AssetKey(["raw", *stream])


def _spec(stream: StreamId, description: str, hours: int | None, pulls: list[dg.AssetKey]) -> dg.AssetSpec:
    """`hours`: after which a stream without a new export is overdue, None for one that is never; `pulls`: what lands
    pages of it."""
    source, name = stream
    columns = [dg.TableColumn(column, kind) for column, kind in STREAMS[stream].lake_columns.items()]
    return dg.AssetSpec(
        raw_key(stream),
        description=DESCRIPTION.format(rows=description, stream=f"{source}/{name}"),
        group_name=f"raw_{source}",
        deps=pulls,
        kinds={"parquet"},
        metadata={"dagster/column_schema": dg.TableSchema(columns)},
        freshness_policy=dg.FreshnessPolicy.time_window(timedelta(hours=hours)) if hours else None,
        skippable=True,
    )


def _check_specs(stream: StreamId) -> Iterator[dg.AssetCheckSpec]:
    key = raw_key(stream)
    yield dg.AssetCheckSpec(
        ACCOUNTING, asset=key, blocking=True, description="Rows read = loaded + duplicate + rejected."
    )
    yield dg.AssetCheckSpec(
        REJECTED,
        asset=key,
        blocking=True,
        description="Blocks when more than 1 % and more than 10 of the rows in this run's new files were rejected.",
    )
    if STREAMS[stream].snapshot:
        yield dg.AssetCheckSpec(
            SHRINK, asset=key, blocking=True, description="Blocks when a full snapshot has less than half of its rows."
        )
    yield dg.AssetCheckSpec(
        REJECTED_ROWS,
        asset=key,
        description="Rows of this run's new files that a rule refused; they wait in quarantine.",
    )
    yield dg.AssetCheckSpec(NEW_COLUMNS, asset=key, description="Columns that no adapter knows; their values stay out.")
    yield dg.AssetCheckSpec(
        MISSING_COLUMNS, asset=key, description="Columns that earlier files had and this run's lack; they are null."
    )
    yield dg.AssetCheckSpec(QUARANTINED, asset=key, description="Files that could not be read at all.")
    if stream == FOLDERS_ASSET:
        yield dg.AssetCheckSpec(
            UNKNOWN_FOLDERS, asset=key, description="Folders of the landing area that no adapter reads."
        )


def raw_streams(
    settings: dict[str, Any],
    manifest: dict[str, Any],
    pulls: dict[StreamId, list[dg.AssetKey]],
    source: str | None = None,
    op_tags: dict[str, str] | None = None,
) -> dg.AssetsDefinition:
    """All streams, or those of `source`, as assets of one step. `settings` have the freshness, dbt's `manifest` says
    what a row is, `pulls` which of them are pulled."""
    streams = [id for id in STREAMS if source in (None, id[0])]
    hours = freshness_hours(settings)
    rows = {
        tuple(source["meta"]["dagster"]["asset_key"][1:]): source["description"]
        for source in manifest["sources"].values()
        if source["schema"] == "raw"
    }

    @dg.multi_asset(
        name=f"ingest_{source}" if source else "ingest",
        specs=[_spec(stream, rows[stream], hours.get(stream), pulls.get(stream, [])) for stream in streams],
        check_specs=[spec for stream in streams for spec in _check_specs(stream)],
        can_subset=True,
        op_tags=op_tags,
    )
    def ingest_streams(context: dg.AssetExecutionContext, nightly_run: NightlyRun) -> Iterator:
        """Load what is new in the landing area, all selected streams in path order."""
        selected = {(key.path[1], key.path[2]) for key in context.selected_asset_keys}
        asked = nightly_run.asked()
        place = nightly_run.settings.landing_place
        nightly_run.say(context, f"ingest: {len(selected & asked.streams)} streams of {place}")
        result = ingest(
            nightly_run.settings,
            nightly_run.configuration,
            only=selected & asked.streams,
            reload=asked.reloads & set(streams),
            changed=asked.changed,
            run_id=context.run.run_id,
            progress=lambda text: nightly_run.say(context, f"  {text}"),
        )
        wanted = context.selected_asset_check_keys
        for stream in [stream for stream in streams if stream in selected]:
            found = result.streams.get(stream)
            # Of a stream that nobody exports there is nothing to check, and each check is an event of every night.
            if found and (found.has_landed or stream == FOLDERS_ASSET):
                metadata = _metadata(found, nightly_run.settings.quarantine / stream[0] / stream[1])
                yield _seen(context, stream, found, metadata)
                results = stream_checks(stream, result)
                yield from (one for one in results if dg.AssetCheckKey(one.asset_key, one.check_name) in wanted)
            else:
                yield _no_event(stream)

    return ingest_streams


def _seen(context: dg.AssetExecutionContext, stream: StreamId, found: StreamResult, metadata: dict[str, Any]) -> Any:
    """A materialization where the run read something, so that the newest one says how old the news is: the freshness
    policy goes by it. Else an observation."""
    if found.files_new or found.rows_read:
        return dg.MaterializeResult(raw_key(stream), metadata=metadata)
    context.log_event(dg.AssetObservation(raw_key(stream), description="nothing new was read", metadata=metadata))
    return _no_event(stream)


def _no_event(stream: StreamId) -> dg.Output:
    """Without an output Dagster would skip every step that reads the stream. The mark on it is Dagster's own, for
    sources that it only observes; no public name says `an output, and no materialization`."""
    return dg.Output(None, "__".join(raw_key(stream).path), metadata={NO_EVENT: True})


def _metadata(stream: StreamResult, quarantine: Path) -> dict[str, Any]:
    refused = {"quarantine": dg.MetadataValue.path(str(quarantine))}
    return {
        "files_new": stream.files_new,
        "rows_read": stream.rows_read,
        "rows_loaded": stream.rows_loaded,
        "rows_duplicate": stream.rows_duplicate,
        "rows_rejected": stream.rows_rejected,
        "bytes": stream.bytes,
        "seconds": round(stream.seconds, 3),
        "messages": dg.MetadataValue.md("\n".join(f"- {text}" for text in stream.messages) or "none"),
        **(refused if stream.rows_rejected or stream.quarantined_files else {}),
    }


def stream_checks(stream: StreamId, result: IngestResult) -> Iterator[dg.AssetCheckResult]:
    """The checks of one stream on what this run has read; their metadata say what was found."""
    found = result.streams[stream]
    key = raw_key(stream)
    accounted = found.rows_loaded + found.rows_duplicate + found.rows_rejected
    yield _blocking(
        key, ACCOUNTING, found.rows_read == accounted, f"{found.rows_read} rows read, {accounted} accounted for"
    )
    share = found.rows_rejected / found.rows_read if found.rows_read else 0.0
    passed = share <= REJECTED_SHARE_LIMIT or found.rows_rejected <= REJECTED_ROWS_LIMIT
    yield _blocking(key, REJECTED, passed, f"{found.rows_rejected} of {found.rows_read} rows rejected ({share:.1%})")
    if STREAMS[stream].snapshot:
        told = f"{found.snapshot_rows} rows in the newest snapshot, {found.previous_snapshot_rows} in the one before"
        remedy = f"; land a whole one, or take it as it is with --reload {'/'.join(stream)}" * found.has_shrunk
        yield _blocking(key, SHRINK, not found.has_shrunk, told + remedy)
    refused = f"{found.rows_rejected} of {found.rows_read} rows (reasons: quarantine/{'/'.join(stream)}/)"
    yield _warning(key, REJECTED_ROWS, [refused] if found.rows_rejected else [])
    yield _warning(key, NEW_COLUMNS, [f"{name} ({count} rows)" for name, count in sorted(found.new_columns.items())])
    gone = [f"{name} (null in {count} rows)" for name, count in sorted(found.missing_columns.items())]
    yield _warning(key, MISSING_COLUMNS, gone)
    yield _warning(key, QUARANTINED, sorted(str(file) for file in found.quarantined_files))
    if stream == FOLDERS_ASSET:
        yield _warning(key, UNKNOWN_FOLDERS, sorted(result.unknown_streams))


def _blocking(key: dg.AssetKey, name: str, passed: bool, found: str) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(asset_key=key, check_name=name, passed=bool(passed), description=found)


def _warning(key: dg.AssetKey, name: str, findings: list[str]) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=name,
        passed=not findings,
        severity=dg.AssetCheckSeverity.WARN,
        description=", ".join(findings) or "none",
    )
