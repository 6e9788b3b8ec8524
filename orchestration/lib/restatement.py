"""What moved of the numbers that were published before, and why: `restatement.parquet` of a version.

It stands beside the tables and is none of them: it depends on what was published before, they on the input alone.
Not here: what of it is told (lib.restated).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from ingestion.adapters import STREAMS
from ingestion.configuration import Configuration
from ingestion.quoting import literal
from ingestion.settings import parse_instant
from orchestration.lib import dbt

FILE = "restatement.parquet"
KEY = ("kpi_id", "grain", "period_start", "dimension", "dimension_value")
#: What the time series does not depend on: a change there explains nothing.
TABLES_APART = ("targets", "interventions")
SETTINGS_APART = ("shrinkage", "freshness", "limits", "retention", "serving")
#: Every KPI waits that long after its period: a call is seen once it has ended, one without an end after four hours.
LEAST_HOURS = 4

_EMPTY = """
create or replace temp table moved (
    kpi_id varchar, grain varchar, period_start date, dimension varchar, dimension_value varchar,
    previous_numerator double, previous_denominator double, previous_value double,
    numerator double, denominator double, value double, unit varchar,
    previous_version varchar, previous_as_of timestamp, reason varchar
)
"""
_NUMBERS = """
create or replace temp view {name} as
select kpi_id, grain, period_start, dimension, dimension_value, numerator, denominator, value, unit,
    cast(period_start + case grain when 'day' then interval 1 day when 'week' then interval 7 day
                                   when 'month' then interval 1 month end as date) as period_end
from read_parquet({file})
where period_end <= {ended_by}
"""
_LOADS = """
create or replace temp view {name} as
select source, stream, content_hash, rows_loaded, loaded_at from read_parquet({file})
where rows_loaded > 0 or (rows_duplicate > 0 and list_contains({snapshots}, source || '/' || stream))
"""
_MOVED = """
insert into moved
select {key},
    old.numerator, old.denominator, old.value, new.numerator, new.denominator, new.value, coalesce(new.unit, old.unit),
    {version}, {as_of},
    case
        when {is_later} and ({causes} = '' or period_end > coalesce(settled_by, {default}))
        then concat_ws(' or ', nullif({causes}, ''), 'settling')
        when period_start < {retired_before} then concat_ws(' or ', nullif({causes}, ''), 'retention')
        else coalesce(nullif({causes}, ''), 'unknown')
    end
from numbers_before as old
full join numbers_now as new using ({key}, period_end)
left join settled using (kpi_id)
where (old.numerator, old.denominator, old.value) is distinct from (new.numerator, new.denominator, new.value)
"""


@dataclass(frozen=True)
class Version:
    """One side of the comparison. `as_of` is aware; `manifest` is what manifest.json says, or will say."""

    folder: Path
    as_of: datetime
    manifest: dict[str, Any]

    @classmethod
    def of(cls, folder: Path, manifest: dict[str, Any]) -> Version:
        return cls(folder, parse_instant(manifest["as_of"]), manifest)

    def file(self, table: str) -> str:
        return literal(str(self.folder / "parquet" / f"{table}.parquet"))


def computed_by(configuration: Configuration) -> dict[str, str]:
    """For the manifest: hashes of the code and of the configuration that the time series comes of."""
    tables = {name: rows for name, rows in configuration.tables.items() if name not in TABLES_APART}
    settings = {name: value for name, value in configuration.settings.items() if name not in SETTINGS_APART}
    told = json.dumps([tables, settings], default=str, sort_keys=True)
    return {"code": dbt.code(), "configuration": hashlib.sha256(told.encode()).hexdigest()}


def write(
    connection: duckdb.DuckDBPyConnection,
    now: Version,
    before: Version | None,
    configuration: Configuration,
    catalogue: dict[str, dict[str, Any]],
    say: Callable[[str], None],
) -> None:
    """The file of `now`, whose tables are written: one row per number of a period that was over for `before` and that
    differs from it. Empty without a version before, or where that cannot be read, which is said."""
    connection.execute(_EMPTY)
    if before is not None and _can_read(connection, before, _ended_by(before, configuration), say):
        _view(connection, now, "now", _ended_by(before, configuration))
        _compare(connection, now, before, configuration, catalogue)
        count = connection.execute("select count(*) from moved").fetchall()[0][0]
        say(f"published: {count:,} numbers of ended periods differ from version {before.folder.name}")
    file = literal(str(now.folder / FILE))
    connection.execute(f"copy (from moved order by all) to {file} (format parquet, compression zstd)")


def _can_read(
    connection: duckdb.DuckDBPyConnection, before: Version, ended_by: date, say: Callable[[str], None]
) -> bool:
    """Whether the version before is whole, by reading all of it that is compared."""
    try:
        _view(connection, before, "before", ended_by)
        for name in ("numbers_before", "loads_before"):
            connection.execute(f"select max(hash(columns(*))) from {name}").fetchall()
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:
        why = " ".join(str(error).split())[:200]
        say(f"published: what moved since version {before.folder.name} is not known, it cannot be read: {why}")
        return False
    return True


def _view(connection: duckdb.DuckDBPyConnection, version: Version, name: str, ended_by: date) -> None:
    snapshots = _list("/".join(id) for id, stream in STREAMS.items() if stream.snapshot)
    numbers, loads = version.file("mart_kpi_timeseries"), version.file("mart_row_accounting")
    connection.execute(_NUMBERS.format(name=f"numbers_{name}", file=numbers, ended_by=_date(ended_by)))
    connection.execute(_LOADS.format(name=f"loads_{name}", file=loads, snapshots=snapshots))


def _compare(
    connection: duckdb.DuckDBPyConnection,
    now: Version,
    before: Version,
    configuration: Configuration,
    catalogue: dict[str, dict[str, Any]],
) -> None:
    days = configuration.settings["retention"]["lake_days"]
    retired_before = (datetime.now(UTC) - timedelta(days=days)).date() if days else date.min
    settled = {kpi_id: _settled_by(kpi, before, configuration) for kpi_id, kpi in catalogue.items()}
    rows = ", ".join(f"({literal(kpi_id)}, {_date(day)})" for kpi_id, day in settled.items())
    connection.execute(f"create or replace temp table settled as from (values {rows}) as t (kpi_id, settled_by)")
    connection.execute(
        _MOVED.format(
            key=", ".join(KEY),
            version=literal(before.folder.name),
            as_of=f"timestamp {literal(before.as_of.replace(tzinfo=None).isoformat(' '))}",
            is_later=now.as_of > before.as_of,
            causes=literal(", ".join(_causes(connection, now, before))),
            default=_date(_settled_by({}, before, configuration)),
            retired_before=_date(retired_before),
        )
    )


def _causes(connection: duckdb.DuckDBPyConnection, now: Version, before: Version) -> list[str]:
    """What differs between the versions: each of it may have moved any number."""
    known, made = before.manifest.get("computed_by", {}), now.manifest["computed_by"]
    # A version older than `computed_by` knows the bytes of the configuration only.
    is_same = before.manifest.get("settings") == now.manifest["settings"]
    loads = connection.execute("select count(*) from (from loads_now except from loads_before)").fetchall()[0][0]
    found = {
        "as_of": now.as_of < before.as_of,
        "late_data": loads > 0,
        "configuration": known.get("configuration") != made["configuration"] and not is_same,
        "code": known.get("code") != made["code"],
    }
    return [name for name, differs in found.items() if differs]


def _settled_by(kpi: dict[str, Any], before: Version, configuration: Configuration) -> date:
    """Periods that ended by this day were settled for `before`; see `settles` in macros/kpi/declarations.sql."""
    settles = kpi.get("settles", LEAST_HOURS)
    if settles == "open":
        return date.min
    if settles == "due":
        targets = [row["response_target_seconds"] or 0 for row in configuration.tables["channels"]]
        settles = max([LEAST_HOURS, *(seconds / 3600 for seconds in targets)])
    return _ended_by(before, configuration, timedelta(hours=settles))


def _ended_by(before: Version, configuration: Configuration, earlier: timedelta = timedelta()) -> date:
    """A period had ended that much before its `as_of` if its last day, in the reporting time zone, is before this."""
    return (before.as_of - earlier).astimezone(ZoneInfo(configuration.settings["time_zone"])).date()


def _date(day: date) -> str:
    return f"date '{day.isoformat()}'"


def _list(texts: Any) -> str:
    return f"[{', '.join(literal(text) for text in texts)}]"
