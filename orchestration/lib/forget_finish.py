"""What follows once a person is out of the lake: quarantine, traces, warehouse, versions, and the audit line.

Each step finds the forgotten by their tombstones and may be done twice, so a night finishes what a killed
`support-kpis forget` left open. Not here: the lake (ingestion.forget) and the command (lib.forget).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from ingestion.configuration import Configuration
from ingestion.forget import forget_in_quarantine, known_people
from ingestion.forgotten_text import ForgottenText
from ingestion.manifest import Manifest
from ingestion.manifest_people import Forget
from ingestion.people import People
from ingestion.quoting import identifier, literal
from ingestion.run import countries
from ingestion.settings import Settings
from orchestration.lib import versions
from orchestration.lib.forget_traces import remove_traces

AUDIT = "forgotten.jsonl"


def open_forgets(settings: Settings) -> list[Forget]:
    with Manifest(settings.manifest_path) as manifest:
        return manifest.open_forgets()


def needs_rebuild(settings: Settings) -> bool:
    """True while somebody forgotten may still stand in a published version."""
    return any(forget.needs_rebuild for forget in open_forgets(settings))


def clean(settings: Settings, configuration: Configuration) -> bool:
    """Quarantine and traces; True where warehouse and versions have to be made anew. The caller holds the lock."""
    people = known_people(settings)
    found = forget_in_quarantine(settings, people, configuration)
    found["traces"] = remove_traces(settings, ForgottenText(people, countries(configuration).values()))
    open_ = open_forgets(settings)
    last = open_[-1]
    last.counts |= {name: last.counts.get(name, 0) + count for name, count in found.items()}
    last.needs_rebuild = last.needs_rebuild or _is_published(settings, people)
    _put(settings, last)
    if not any(forget.needs_rebuild for forget in open_):
        return False
    # DuckDB does not zero the blocks it frees.
    for path in settings.warehouse.parent.glob(f"{settings.warehouse.name}*"):
        path.unlink()
    return True


def close(settings: Settings) -> dict[str, int]:
    """Deletes the versions from before, where the forgotten stood in them; writes the audit lines.

    Gives the counts of all that is finished now: of this call, and of one before that was killed.
    """
    open_ = open_forgets(settings)
    if any(forget.needs_rebuild for forget in open_):
        gone = versions.prune(settings.published, 1)
        open_[-1].counts["versions"] = open_[-1].counts.get("versions", 0) + len(gone)
    audit = settings.manifest_path.with_name(AUDIT)
    told = audit.read_text() if audit.exists() else ""
    for forget in open_:
        if f'"{forget.run_id}"' not in told:
            _append(audit, forget)
        forget.is_done = True
        _put(settings, forget)
    names = {name for forget in open_ for name in forget.counts}
    return {name: sum(forget.counts.get(name, 0) for forget in open_) for name in sorted(names)}


@contextmanager
def finishing(settings: Settings, configuration: Configuration, is_whole: bool) -> Iterator[None]:
    """Around a whole night: what a killed forget left open is done when the night has published."""
    if not is_whole or not open_forgets(settings):
        yield
        return
    clean(settings, configuration)
    before = versions.current_version(settings.published)
    yield
    if versions.current_version(settings.published) != before:
        close(settings)


def _put(settings: Settings, forget: Forget) -> None:
    with Manifest(settings.manifest_path) as manifest, manifest.transaction():
        manifest.put_forget(forget)


def _append(audit: Path, forget: Forget) -> None:
    line = {"at": forget.at, "run_id": forget.run_id, "kind": forget.kind, "counts": forget.counts,
            "finished_at": datetime.now(UTC).isoformat(timespec="seconds")}  # fmt: skip
    with audit.open("a") as file:
        file.write(json.dumps(line, sort_keys=True) + "\n")
        file.flush()
        os.fsync(file.fileno())


def _is_published(settings: Settings, people: People) -> bool:
    """True where a key of a forgotten customer stands in the warehouse or in any version."""
    with duckdb.connect() as con:
        for parquet in sorted(settings.published.glob("versions/*/parquet/*.parquet")):
            table = f"read_parquet({literal(str(parquet))})"
            names = [row[0] for row in con.execute(f"describe select * from {table}").fetchall()]
            if _holds_key(con, people, table, names):
                return True
        if settings.warehouse.exists():
            con.execute(f"attach {literal(str(settings.warehouse))} as warehouse (read_only)")
            tables = con.execute(
                "select schema_name, table_name, list(column_name) from duckdb_columns() join duckdb_tables() "
                "using (database_name, schema_name, table_name) where database_name = 'warehouse' group by all"
            ).fetchall()
            for schema, name, columns in tables:
                if _holds_key(con, people, f"warehouse.{identifier(schema)}.{identifier(name)}", columns):
                    return True
    return False


def _holds_key(con: duckdb.DuckDBPyConnection, people: People, table: str, columns: list[str]) -> bool:
    for column in columns:
        if column.endswith("_key"):
            keys = con.execute(f"select distinct {identifier(column)}::varchar from {table}").fetchall()
            if any(people.is_forgotten(key) for (key,) in keys if key):
                return True
    return False
