"""`support-kpis preview`: what changed configuration files would move, worked out on a copy of the warehouse.

Nothing is published and nothing of the home changes. Not here: how files are checked (ingestion.configuration), which
models a change concerns (lib.dbt).
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb

from ingestion.catalogue import kpi_catalogue
from ingestion.configuration import FILE_NAMES, Configuration, load_configuration
from ingestion.errors import ConfigError
from ingestion.limits import limits_of
from ingestion.quoting import literal
from ingestion.settings import Settings, load_settings
from ingestion.warehouse import OF_THE_NIGHT, prepare_warehouse
from orchestration.lib import built, dbt
from orchestration.lib.run_lock import hold

_TARGETS = """
select coalesce(new.target_id, old.target_id) as target_id, coalesce(new.kpi_id, old.kpi_id) as kpi_id,
    old.status as status_before, new.status as status_after, old.value as value_before, new.value as value_after,
    old.target as target_before, new.target as target_after, unit
from old.main.mart_kpi_scorecard as old
full join new.main.mart_kpi_scorecard as new using (target_id)
left join new.main.dim_kpi as kpis on kpis.kpi_id = coalesce(new.kpi_id, old.kpi_id)
where (old.status, old.value, old.target, old.comparator, old.kpi_id)
    is distinct from (new.status, new.value, new.target, new.comparator, new.kpi_id)
order by target_id
"""
_KPIS = """
select kpi_id, count(*) as numbers, arg_max(place, moved) as most_at,
    arg_max(before, moved) as value_before, arg_max(after, moved) as value_after, any_value(unit) as unit
from (
    select kpi_id, coalesce(new.unit, old.unit) as unit, old.value as before, new.value as after,
        coalesce(abs(new.value - old.value), 0) as moved,
        concat_ws(' ', grain, period_start, dimension, nullif(dimension_value, 'all')) as place
    from old.main.mart_kpi_timeseries as old
    full join new.main.mart_kpi_timeseries as new using (kpi_id, grain, period_start, dimension, dimension_value)
    where (old.value, old.sample_size) is distinct from (new.value, new.sample_size)
) as cells
group by kpi_id
order by kpi_id
"""
RELOADED = "rules with match_field text are asked while exports load: run --reload all applies them to what is loaded"


@dataclass(frozen=True)
class Moves:
    """`targets`: rows of the scorecard that differ; `kpis`: per KPI how many numbers of the time series differ, and the
    one that differs most; `notes`: what the numbers do not tell."""

    targets: list[dict[str, Any]] = field(default_factory=list)
    kpis: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def preview(home: Path | None, files: list[Path], wait: float, say: Callable[[str], None]) -> Moves:
    """What the last night would have said with these files in place of those of their names.

    Raises ConfigError for a fault in them and where no night has built all models; RunActiveError.
    """
    settings = load_settings(home=home)
    unknown = [path.name for path in files if path.name not in FILE_NAMES]
    if unknown:
        raise ConfigError(f"{unknown[0]} is no configuration file; there are {', '.join(FILE_NAMES)}")
    if not settings.warehouse.exists():
        raise ConfigError(f"nothing is built in {settings.home} yet; start with support-kpis run")
    now = load_configuration(settings, kpi_catalogue())
    with hold(settings.lock_path, wait_seconds=wait, run_id="preview", say=say), _draft(settings, files) as draft:
        then = load_configuration(draft, kpi_catalogue())
        limits = limits_of(now.settings)
        limits.require_space(draft.home, settings.warehouse.stat().st_size, "preview: a copy of the warehouse")
        shutil.copyfile(settings.warehouse, draft.warehouse)
        models = _prepare(draft, then)
        notes = [RELOADED] if _text_rules(now) != _text_rules(then) else []
        if not models:
            return Moves(notes=notes)
        say(f"building {len(models)} models on a copy of the warehouse")
        dbt.write_profile(draft, limits)
        _build(draft, models)
        with duckdb.connect(config=limits.of_duckdb(draft.home / "spilled")) as connection:
            connection.execute(f"attach {literal(str(settings.warehouse))} as old (read_only)")
            connection.execute(f"attach {literal(str(draft.warehouse))} as new (read_only)")
            return Moves(_rows(connection, _TARGETS), _rows(connection, _KPIS), notes)


@contextmanager
def _draft(settings: Settings, files: list[Path]) -> Iterator[Settings]:
    """A home with the configuration that is previewed; lake and manifest are those of the real one."""
    home = settings.tmp / "preview"
    shutil.rmtree(home, ignore_errors=True)
    try:
        draft = replace(settings, home=home)
        for folder in (draft.config, draft.warehouse.parent, draft.dbt_dir, draft.logs, home / "spilled"):
            folder.mkdir(parents=True)
        for path in [*(settings.config.glob("*") if settings.config.is_dir() else ()), *files]:
            if path.is_file():
                shutil.copyfile(path, draft.config / path.name)
        for real, link in ((settings.lake, draft.lake), (settings.manifest_path.parent, draft.manifest_path.parent)):
            link.symlink_to(real.resolve())
        yield draft
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _prepare(draft: Settings, configuration: Configuration) -> list[str]:
    """Tells the copy the new configuration; gives the models that depend on what differs."""
    with duckdb.connect(str(draft.warehouse)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        last = built.last(connection, dbt.code())
        if last is None:
            raise ConfigError("the tables are not those of one whole night by this code; call support-kpis run first")
        prepared = prepare_warehouse(connection, draft, configuration, last.as_of, "preview", last)
        if prepared.has_news:
            raise ConfigError("files were loaded that no night has built into the tables; call support-kpis run first")
        changed = [name for name in prepared.changed if name not in OF_THE_NIGHT]
        models = dbt.models_after(dbt.manifest(draft), changed)
        built.tell_whole(connection, models)
        return models


def _build(draft: Settings, models: list[str]) -> None:
    arguments = ["run", "--project-dir", dbt.PROJECT, "--profiles-dir", draft.dbt_dir, "--target-path",
                 draft.dbt_dir / "target", "--log-path", draft.logs, "--select", *models]  # fmt: skip
    command = [str(part) for part in (*dbt.COMMAND, "--quiet", *dbt.as_parsed(), *arguments)]
    done = subprocess.run(command, capture_output=True, text=True, env=dbt.environment(), check=False)
    if done.returncode != 0:
        found = dbt.failures(draft.dbt_dir / "target") or [" ".join((done.stdout + done.stderr).split())[-600:]]
        raise ConfigError(f"a night with these files would fail: {found[0]}")


def _text_rules(configuration: Configuration) -> list[dict[str, Any]]:
    return [row for row in configuration.tables["issue_types"] if row["match_field"] == "text"]


def _rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    result = connection.execute(sql)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
