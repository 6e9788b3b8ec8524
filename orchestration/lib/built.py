"""Which model was last built as of when and of what: whether the marts belong together, whether they must be built, and
whether the last build is one to add to.

Not here: building (defs.transform) and publishing (defs.publish).
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

import duckdb

from ingestion.quoting import literal, literals
from ingestion.warehouse import Prepared

# A schema of its own: `control` is made anew before every build, and this must outlive that.
TABLE = "build.models"
# What the last whole build was prepared with, while all its tables stand.
PREPARED = "build.prepared"
# Which tables these are: those of a build that does not add to the last one are others, even in the same file.
WAREHOUSE = "build.warehouse"


def forget(connection: duckdb.DuckDBPyConnection, models: list[str]) -> None:
    """Before a build: what it may leave half done has no `as_of` until it has succeeded."""
    connection.execute("create schema if not exists build")
    connection.execute(
        f"create table if not exists {TABLE}"
        " (model varchar primary key, as_of timestamp not null, run_id varchar not null, inputs varchar)"
    )
    connection.execute(f"delete from {TABLE} where list_contains({literals(models)}, model)")
    connection.execute(f"create table if not exists {PREPARED} (code varchar, said varchar)")
    connection.execute(f"delete from {PREPARED}")


def begin_anew(connection: duckdb.DuckDBPyConnection) -> None:
    """Before a build that does not add to the last one, as rows may have gone from the lake: of the versions published
    until now, whose files keep a trace of all that they ever held, none is added to."""
    connection.execute(f"create or replace table {WAREHOUSE} as select uuid()::varchar as id")


def remember(connection: duckdb.DuckDBPyConnection, prepared: Prepared, code: str) -> None:
    """After a successful build of all models from `control`: the next one of the same `code` may add to it."""
    said = {"as_of": prepared.as_of.isoformat(), "control": prepared.control, "files": prepared.files}
    connection.execute(f"insert into {PREPARED} values ({literal(code)}, {literal(json.dumps(said))})")
    # Whoever calls dbt by hand builds tables whole: the night's world is that of one call.
    connection.execute("update control.news set seen_as_of = null")


def last(connection: duckdb.DuckDBPyConnection, code: str) -> Prepared | None:
    """What the tables were built of; None unless all of them stand as one successful build of this `code` left them."""
    if not _exists(connection, PREPARED):
        return None
    for (said,) in connection.execute(f"select said from {PREPARED} where code = {literal(code)}").fetchall():
        before = json.loads(said)
        return Prepared(datetime.fromisoformat(before["as_of"]), before["control"], before["files"])
    return None


def tell_whole(connection: duckdb.DuckDBPyConnection, models: list[str]) -> None:
    """Before a build that adds to the tables: these depend on a control table that changed, and are built whole."""
    connection.execute(f"update control.news set whole = {literals(models)}")


def record(
    connection: duckdb.DuckDBPyConnection, models: list[str], as_of: datetime, run_id: str, inputs: str | None
) -> None:
    """After a successful build: these models show the world as of `as_of` (aware), computed from `inputs`.

    `inputs` is a hash over everything a whole build reads; None after a partial build, whose models may have read
    tables of an older one.
    """
    instant = as_of.astimezone(UTC).replace(tzinfo=None)
    said = f"timestamp '{instant}', {literal(run_id)}, {literal(inputs) if inputs else 'null'}"
    connection.execute(
        f"insert or replace into {TABLE} (model, as_of, run_id, inputs)"
        f" select unnest({literals(models)}::varchar[]), {said}"
    )


def run_of(connection: duckdb.DuckDBPyConnection, models: list[str], inputs: str) -> str | None:
    """The run that built all of `models` from these `inputs`; None if any of them was built from others since."""
    rows = (
        connection.execute(f"select model, run_id, inputs from {TABLE}").fetchall()
        if _exists(connection, TABLE)
        else []
    )
    known = {model: run_id for model, run_id, read in rows if read == inputs}
    runs = {known.get(model) for model in models}
    return runs.pop() if len(runs) == 1 else None


def common_inputs(connection: duckdb.DuckDBPyConnection, models: list[str]) -> str | None:
    """The `inputs` that all `models` were built from; None if they differ or a partial build left none."""
    rows = connection.execute(f"select inputs from {TABLE} where list_contains({literals(models)}, model)").fetchall()
    read = {inputs for (inputs,) in rows}
    return read.pop() if len(read) == 1 and len(rows) == len(models) else None


def warehouse_id(connection: duckdb.DuckDBPyConnection) -> str | None:
    """The id of the tables; None in a warehouse that is older than ids."""
    found = connection.execute(f"select id from {WAREHOUSE}").fetchall() if _exists(connection, WAREHOUSE) else []
    return found[0][0] if found else None


def common_as_of(connection: duckdb.DuckDBPyConnection, models: list[str]) -> datetime:
    """The one `as_of` (naive UTC) that all `models` share. Raises BuiltApartError naming those that stand apart."""
    rows = connection.execute(f"select model, as_of from {TABLE}").fetchall() if _exists(connection, TABLE) else []
    known = dict(rows)
    missing = [model for model in models if model not in known]
    if missing:
        raise BuiltApartError(f"not built since their last failure or change: {', '.join(missing)}")
    instants = {known[model] for model in models}
    if len(instants) > 1:
        newest = max(instants)
        behind = [f"{model} ({known[model]:%Y-%m-%d %H:%M:%S} UTC)" for model in models if known[model] != newest]
        raise BuiltApartError(f"built as of another instant than {newest:%Y-%m-%d %H:%M:%S} UTC: {', '.join(behind)}")
    return instants.pop()


class BuiltApartError(Exception):
    """The published models do not show one instant, so they make no version."""


def _exists(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    there = f"select count(*) from duckdb_tables() where schema_name || '.' || table_name = {literal(table)}"
    found = connection.execute(there).fetchall()
    return found[0][0] > 0
