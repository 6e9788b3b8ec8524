"""What the dbt models read: schemas `raw` and `fresh`, views per stream over the lake, and `control`, small tables.

The views list the manifest's files by absolute path, so that another process can read them. `raw` has all files,
`fresh` those that the tables as they stand have not seen. No KPI is computed here.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa

from ingestion.adapters import STREAMS
from ingestion.configuration import Configuration
from ingestion.lake import scan
from ingestion.manifest import Manifest
from ingestion.quoting import identifier
from ingestion.settings import Settings
from ingestion.streams import Stream, StreamId

FRESHNESS_HOURS = 36
#: Rows come in rounds, or stay as they are for months: stale only after hours that settings.toml names.
SLOW_STREAMS = (
    "generic/employee_survey_responses", "generic/schedule_intervals", "zendesk/users", "zendesk/groups",
    "zendesk/brands", "zendesk/schedules", "zendesk/holidays",
    "freshdesk/agents", "freshdesk/groups", "freshdesk/tickets_csv",
)  # fmt: skip

_TEXT, _WHOLE, _INSTANT = pa.string(), pa.int64(), pa.timestamp("us")
_STREAM = [("source", _TEXT), ("stream", _TEXT)]
_SCHEMAS = {
    "run_settings": [
        ("as_of", _INSTANT), ("run_id", _TEXT), ("time_zone", _TEXT), ("short_abandon_seconds", _WHOLE),
        ("service_level_seconds", _WHOLE), ("fcr_window_days", _WHOLE), ("shrinkage", pa.decimal128(18, 6)),
    ],
    "source_settings": [("source", _TEXT), ("time_zone", _TEXT), ("country", _TEXT), ("complexity_field", _TEXT),
                        ("productive_statuses", _TEXT)],
    "sectors": [("sector", _TEXT), ("repeat_window_days", _WHOLE)],
    "freshness": [*_STREAM, ("hours", _WHOLE)],
    "news": [("seen_as_of", _INSTANT), ("whole", pa.list_(_TEXT))],
    "row_accounting": [
        *_STREAM, ("file_name", _TEXT), ("content_hash", _TEXT), ("loaded_at", _INSTANT), ("rows_read", _WHOLE),
        ("rows_loaded", _WHOLE), ("rows_duplicate", _WHOLE), ("rows_rejected", _WHOLE),
    ],
    "load_findings": [
        *_STREAM, ("file_name", _TEXT), ("finding", _TEXT), ("detail", _TEXT), ("rows", _WHOLE), ("run_id", _TEXT),
    ],
}  # fmt: skip

#: Control tables that every night has rows of its own in.
OF_THE_NIGHT = ("row_accounting", "load_findings")


@dataclass(frozen=True)
class Prepared:
    """What a build reads. `control`: control table -> hash of its rows, `as_of` and the run's id apart.

    `files`: stream ("source/stream") -> lake file (relative to the lake) -> number of its load: a file of the same name
    that was loaded again is another. `adds_since`: as_of of the tables that the build adds to; None = it makes all. Of
    what they were built of then differ the control tables `changed`, and with `has_news` lake files or `as_of`.
    """

    as_of: datetime
    control: dict[str, str]
    files: dict[str, dict[str, int]]
    adds_since: datetime | None = None
    changed: tuple[str, ...] = ()
    has_news: bool = True

    @property
    def fingerprint(self) -> str:
        """A hash of all that a build reads, in whatever zone `as_of` was given."""
        return _hash([_naive_utc(self.as_of), self.control, self.files])

    def since(self, before: Prepared) -> Prepared:
        """The same as an addition to tables built of `before`; itself where files are gone or `as_of` is earlier."""
        kept = all(files.items() <= self.files.get(stream, {}).items() for stream, files in before.files.items())
        if not kept or before.as_of > self.as_of:
            return self
        changed = tuple(sorted(name for name, rows in self.control.items() if before.control.get(name) != rows))
        has_news = (before.as_of, before.files) != (self.as_of, self.files)
        return replace(self, adds_since=before.as_of, changed=changed, has_news=has_news)


def prepare_warehouse(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    configuration: Configuration,
    as_of: datetime,
    run_id: str,
    before: Prepared | None = None,
) -> Prepared:
    """(Re)creates `raw`, `fresh` and `control` in the warehouse that `con` has open, in one transaction.

    `before` is what the tables in it were built of: where no file is gone since and time went on, the models find the
    newer files in `fresh` and the old as_of in `control.news`, and are added to; else both are empty. Which of them
    depend on a control table that changed, and are built whole even so, the caller writes into `control.news`.

    `load_findings` tells all that stands: rejected rows, quarantined files and new columns of every file ever loaded,
    with the run that met them.
    """
    with Manifest(settings.manifest_path) as manifest:
        rows = _control_rows(configuration, manifest, as_of, run_id)
        loads = manifest.load_numbers()
        files = {id: {name: loads[name] for name in manifest.lake_files(id)} for id in STREAMS}
    prepared = _prepared(as_of, rows | {f"cfg_{name}": table for name, table in configuration.tables.items()}, files)
    if before:
        prepared = prepared.since(before)
    rows["news"] = [{"seen_as_of": _naive_utc(before.as_of) if prepared.adds_since else None, "whole": []}]
    tables = {name: pa.Table.from_pylist(rows[name], schema=pa.schema(schema)) for name, schema in _SCHEMAS.items()}
    tables |= {f"cfg_{name}": table for name, table in configuration.arrow_tables().items()}
    con.execute("BEGIN")
    try:
        for schema in ("raw", "fresh", "news", "wide", "changed"):
            con.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
            con.execute(f"CREATE SCHEMA {schema}")
        con.execute("CREATE SCHEMA IF NOT EXISTS control")
        for id, stream in STREAMS.items():
            fresh = files[id].keys() - before.files["/".join(id)].keys() if prepared.adds_since else ()
            con.execute(raw_view(settings, stream, list(files[id])))
            con.execute(raw_view(settings, stream, sorted(fresh), "fresh"))
            con.execute(f"CREATE VIEW news.{_name(stream)} AS SELECT * FROM raw.{_name(stream)}")
        for name, table in tables.items():
            con.register("_control_rows", table)
            con.execute(f"CREATE OR REPLACE TABLE control.{identifier(name)} AS SELECT * FROM _control_rows")
            con.unregister("_control_rows")
        con.execute("COMMIT")
    except BaseException:
        con.execute("ROLLBACK")
        raise
    return prepared


def _prepared(
    as_of: datetime, rows: dict[str, list[dict[str, Any]]], files: dict[tuple[str, str], dict[str, int]]
) -> Prepared:
    """`rows` of the control tables, hashed as two nights of the same settings and files share them."""
    lasting = {
        table: _hash([{name: value for name, value in row.items() if name not in ("as_of", "run_id")} for row in told])
        for table, told in rows.items()
    }
    return Prepared(as_of, lasting, {"/".join(id): names for id, names in files.items()})


def _hash(said: Any) -> str:
    return hashlib.sha256(json.dumps(said, default=str, sort_keys=True).encode()).hexdigest()


def raw_view(settings: Settings, stream: Stream, files: list[str], schema: str = "raw") -> str:
    """The statement that makes the view over a stream's files."""
    lake = settings.lake.resolve()
    return f"CREATE VIEW {schema}.{_name(stream)} AS {scan(stream, [lake / name for name in files])}"


def _name(stream: Stream) -> str:
    return identifier("__".join(stream.id))


def freshness_hours(settings: dict[str, Any]) -> dict[StreamId, int]:
    """After how many hours without news a stream is stale, of those that may become stale at all."""
    named = settings.get("freshness", {})
    return {
        id: named.get(name, FRESHNESS_HOURS)
        for id in STREAMS
        if (name := "/".join(id)) in named or name not in SLOW_STREAMS
    }


def _control_rows(
    configuration: Configuration, manifest: Manifest, as_of: datetime, run_id: str
) -> dict[str, list[dict[str, Any]]]:
    general = configuration.settings
    per_source = general.get("sources", {})
    sources = sorted({source for source, _ in STREAMS} | set(per_source))
    names = [name for name, _ in _SCHEMAS["load_findings"]]
    findings = [dict(zip(names, row, strict=True)) for row in manifest.findings()]
    return {
        "run_settings": [
            {"as_of": _naive_utc(as_of), "run_id": run_id}
            | {name: general[name] for name in ("time_zone", "short_abandon_seconds", "service_level_seconds",
                                                "fcr_window_days")}
            | {"shrinkage": _decimal(general["shrinkage"])}
        ],
        "source_settings": [
            {"source": source}
            | {key: per_source.get(source, {}).get(key) for key in ("time_zone", "country", "complexity_field")}
            | {"productive_statuses": ";".join(per_source.get(source, {}).get("productive_statuses", [])) or None}
            for source in sources
        ],
        "sectors": [
            {"sector": name, "repeat_window_days": sector.get("repeat_window_days")}
            for name, sector in general.get("sectors", {}).items()
        ],
        "freshness": [
            {"source": source, "stream": stream, "hours": hours}
            for (source, stream), hours in freshness_hours(general).items()
        ],
        "row_accounting": [
            {name: getattr(row, name) for name, _ in _SCHEMAS["row_accounting"]}
            | {"loaded_at": _naive_utc(datetime.fromisoformat(row.loaded_at))}
            for row in manifest.contents()
            if row.status == "loaded" or row.rows_read
        ],
        "load_findings": findings,
    }  # fmt: skip


def _naive_utc(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(tzinfo=None)


def _decimal(value: float) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.000001"))
