"""`published`: the version that BI tools read. Write, audit, publish: this step runs only after every blocking check.

Not here: what a version's files look like (lib.tables, lib.docs, page) and how the link is switched (lib.versions).
"""

import json
import subprocess
import tomllib
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb

from ingestion.catalogue import kpi_catalogue
from ingestion.settings import CHECKOUT
from orchestration.lib import additions, built, dbt, restatement, retention, space, tables, versions
from orchestration.lib.descriptions import descriptions_of
from orchestration.lib.docs import PAGE, write_docs
from orchestration.lib.forget_finish import needs_rebuild
from orchestration.lib.nightly_run import NightlyRun
from orchestration.lib.published import current_scorecard
from orchestration.lib.scorecard import as_markdown, scorecard_url
from orchestration.page.page import as_html


def published_asset(manifest: dict[str, Any]) -> dg.AssetsDefinition:
    """The asset over all dimensions, facts and marts of dbt's manifest."""
    models = dbt.published_models(manifest)

    @dg.asset(name="published", deps=[dg.AssetKey(model) for model in models], group_name="published", kinds={"duckdb"})
    def published(context: dg.AssetExecutionContext, nightly_run: NightlyRun) -> dg.MaterializeResult:
        """What BI tools read, `published/current`: every dimension, fact and mart as a DuckDB file and as Parquet, the
        scorecard page, their documentation and a manifest. Comes last, after every blocking check; a run that stops
        before it leaves the last version untouched. Needs all tables to show one `as_of`."""
        settings = nightly_run.settings
        try:
            with nightly_run.warehouse(read_only=True) as connection:
                as_of = built.common_as_of(connection, models)
                inputs = built.common_inputs(connection, models)
                warehouse = built.warehouse_id(connection)
                used = space.bytes_in_use(connection)
        except built.BuiltApartError as error:
            raise dg.Failure(f"published: {error}; run the job nightly, or build these with the same as_of") from error
        current = versions.current_manifest(settings.published)
        same = current if inputs is not None and current.get("inputs") == inputs else {}
        before = additions.version_before(settings.published, current, warehouse)
        facts: dict[str, Any] = {}

        def write(folder: Path) -> None:
            if same:
                versions.link_current(settings.published, folder)
                facts.update(same["tables"])
            else:
                facts.update(write_tables(folder, nightly_run, manifest, as_of, before))
            told = {"inputs": inputs, "warehouse": warehouse, "keys": dbt.keys_of(manifest, models)}
            version = manifest_of(nightly_run, facts, as_of, context.run.run_id, told)
            if not same:
                write_restatement(folder, nightly_run, version, current, lambda text: nightly_run.say(context, text))
            (folder / versions.MANIFEST).write_text(json.dumps(version, indent=2) + "\n")

        size = 0 if same else space.bytes_to_publish(settings, used)
        nightly_run.limits.require_space(settings.published, size, "published: a version")
        target = versions.publish(settings.published, context.run.run_id, write)
        nightly_run.say(context, f"published: {len(models)} tables as of {as_of.isoformat()}Z in {target}")
        for line in retention.apply(settings, nightly_run.configuration.settings["retention"], context.instance):
            nightly_run.say(context, f"retention: {line}")
        return dg.MaterializeResult(
            metadata={
                "version": dg.MetadataValue.path(str(target)),
                "scorecard": dg.MetadataValue.url(scorecard_url(context.run.run_id)),
                "scorecard_file": dg.MetadataValue.path(str(target / "scorecard.html")),
                "docs": dg.MetadataValue.path(str(target / PAGE)),
                "targets": dg.MetadataValue.md(_targets(settings.published)),
                "as_of": f"{as_of.isoformat()}Z",
                "tables": len(models),
                "dagster/row_count": sum(fact["rows"] for fact in facts.values()),
            }
        )

    return published


def _targets(published: Path) -> str:
    """The scorecard as a Markdown table, for the UI."""
    found = current_scorecard(published)
    return as_markdown(found[1]) if found else "none"


def write_tables(
    folder: Path, nightly_run: NightlyRun, manifest: dict[str, Any], as_of: datetime, before: additions.Before | None
) -> dict[str, Any]:
    """The tables of dbt's manifest, page and docs, into `folder`; what is known of each table. `as_of` is naive UTC."""
    settings, models = nightly_run.settings, dbt.published_models(manifest)
    texts, keys = descriptions_of(manifest, models), dbt.keys_of(manifest, models)
    with nightly_run.connect(":memory:") as connection:
        facts = tables.copy_tables(settings.warehouse, models, folder, connection, before, texts, keys)
    with nightly_run.connect(folder / "support_kpis.duckdb", read_only=True) as connection:
        page = as_html(connection, f"{as_of.isoformat()}Z")
    (folder / "scorecard.html").write_text(page)
    write_docs(folder, manifest, models, settings.published / "current")
    return {name: asdict(fact) for name, fact in facts.items()}


def write_restatement(
    folder: Path, nightly_run: NightlyRun, manifest: dict[str, Any], current: dict[str, Any], say: Callable[[str], None]
) -> None:
    """What moved since the current version, if there is one. Not where somebody is being forgotten: what moves as one
    customer goes would tell of that customer's days."""
    settings, before = nightly_run.settings, None
    if current and not needs_rebuild(settings):
        before = restatement.Version.of((settings.published / "current").resolve(), current)
    now = restatement.Version.of(folder, manifest)
    with nightly_run.connect(":memory:") as connection:
        restatement.write(connection, now, before, nightly_run.configuration, kpi_catalogue(), say)


def manifest_of(
    nightly_run: NightlyRun, facts: dict[str, Any], as_of: datetime, run_id: str, made_of: dict[str, Any]
) -> dict[str, Any]:
    """What manifest.json says. `made_of`: `inputs`, by which a later run knows that it would publish the same,
    `warehouse`, by which it knows whether it may add to this version, and `keys`, table -> columns."""
    return {
        "run_id": run_id,
        "as_of": f"{as_of.isoformat()}Z",
        "published_at": datetime.now(UTC).isoformat(),
        "tables": facts,
        **made_of,
        "code": code_version(),
        "settings": nightly_run.configuration.fingerprint,
        "computed_by": restatement.computed_by(nightly_run.configuration),
        "duckdb": duckdb.__version__,
        "dbt": version("dbt-core"),
    }


def code_version() -> dict[str, Any]:
    """The project's version and, in a git checkout, its commit (None elsewhere)."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    return {"version": project["version"], "commit": _commit()}


def _commit() -> str | None:
    if not (CHECKOUT / ".git").exists():
        return None
    try:
        command = ["git", "-C", str(CHECKOUT), "rev-parse", "--verify", "--quiet", "HEAD"]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip() or None
    except FileNotFoundError:
        return None
