"""The dbt models, one asset each, and their data tests as asset checks: one `dbt build` a night.

Belongs here: how dbt shows in Dagster, and what is noted of a finished build. Not here: the models (dbt_project/).
"""

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg

from ingestion.catalogue import kpi_catalogue
from ingestion.warehouse import OF_THE_NIGHT, Prepared, prepare_warehouse
from orchestration.lib import built, dbt, shown, space
from orchestration.lib.dagster_dbt import DagsterDbtCliRuntimeError, DagsterDbtTranslator, DbtProject, dbt_assets
from orchestration.lib.nightly_run import NightlyRun

# Tests of staging views would read the lake once more for each of them; what a view does twice shows in the table above
# it. The suite runs them.
EXCLUDED_TESTS = "resource_type:test,path:models/staging"
PROGRESS_SECONDS = 10


class Translator(DagsterDbtTranslator):
    """A model's key is its name, its group its folders (layer and family). A mart is tagged with its KPIs."""

    def __init__(self) -> None:
        super().__init__()
        self._kpis: dict[str, list[dict[str, Any]]] = {}
        for kpi in kpi_catalogue().values():
            self._kpis.setdefault(kpi["mart"], []).append(kpi)

    def get_asset_check_spec(
        self, asset_spec: dg.AssetSpec, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> dg.AssetCheckSpec | None:
        if manifest["nodes"][unique_id]["fqn"][1] == "staging":
            return None
        return super().get_asset_check_spec(asset_spec, manifest, unique_id, project)

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        if dbt_resource_props["resource_type"] == "model":
            return dg.AssetKey(dbt_resource_props["name"])
        return super().get_asset_key(dbt_resource_props)

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        if dbt_resource_props["resource_type"] == "model":
            return "_".join(dbt_resource_props["fqn"][1:-1])
        return super().get_group_name(dbt_resource_props)

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """The text from the model's .yml, without the compiled SQL that dagster-dbt adds, and the mart's KPIs."""
        text = dbt_resource_props.get("description") or super().get_description(dbt_resource_props)
        kpis = self._kpis.get(dbt_resource_props["name"], [])
        lines = [f"- **{kpi['name']}** (`{kpi['kpi_id']}`): {kpi['definition']}" for kpi in kpis]
        return "\n".join([text, "", *lines]) if lines else text

    def get_tags(self, dbt_resource_props: Mapping[str, Any]) -> Mapping[str, str]:
        tags = {f"kpi/{kpi['kpi_id']}": "" for kpi in self._kpis.get(dbt_resource_props["name"], [])}
        return {**super().get_tags(dbt_resource_props), **tags}


def dbt_models(manifest: dict[str, Any]) -> dg.AssetsDefinition:
    """All models of the manifest as assets of one step."""
    order = dbt.build_order(manifest)
    views = _views_of_raw_rows(manifest, order)

    @dbt_assets(name="dbt_build", manifest=manifest, dagster_dbt_translator=Translator())
    def dbt_build(context: dg.AssetExecutionContext, dbt_cli: dbt.DbtCli, nightly_run: NightlyRun) -> Iterator:
        """Hand `as_of`, configuration and lake files to the warehouse, then build and test the models."""
        selected = {key.path[-1] for key in context.selected_asset_keys}
        models = [name for name in order if name in selected]
        settings = nightly_run.settings
        limits, growth = nightly_run.limits, space.bytes_to_build(settings)
        limits.require_space(settings.tmp, 0, "dbt_build: temporary space")
        limits.require_space(settings.warehouse.parent, growth, "dbt_build: the models")
        # A part reads tables that it does not build: only a run that builds them all may begin without them.
        if nightly_run.full_refresh and models == order:
            settings.warehouse.unlink(missing_ok=True)
            settings.warehouse.with_suffix(".duckdb.wal").unlink(missing_ok=True)
        with nightly_run.warehouse() as connection:
            run_id, instant, code = context.run.run_id, nightly_run.instant, dbt.code()
            # Only a build of all models may add to the last one: a part would leave the others behind.
            last = built.last(connection, code) if models == order else None
            prepared = prepare_warehouse(connection, settings, nightly_run.configuration, instant, run_id, last)
            whole = dbt.models_after(manifest, prepared.changed)
            built.tell_whole(connection, whole)
            inputs = f"{prepared.fingerprint} {code}"
            before = None if nightly_run.full_refresh else built.run_of(connection, models, inputs)
            told_of = shown.tables(connection, models) if before else {}
            if before is None:
                built.forget(connection, models)
                if prepared.adds_since is None:
                    built.begin_anew(connection)
        if before is not None:
            nightly_run.say(context, f"dbt: nothing is new; {len(models)} models stand as built by run {before}")
            for name in models:
                yield dg.MaterializeResult(asset_key=name, metadata={"unchanged_since_run": before, **told_of[name]})
            return
        # Without newer files or another as_of, what does not depend on what changed stands as it is.
        standing = [] if prepared.has_news else [name for name in models if name not in whole]
        count = f"{len(models) - len(standing)} of {len(models)}" if standing else f"{len(models)}"
        nightly_run.say(context, f"dbt: building {count} models as of {instant.isoformat()}{_added(prepared)}")
        # One text: of several words after --exclude, dagster-dbt takes the first for its own and drops the others.
        excluded = " ".join([EXCLUDED_TESTS, *standing])
        command = ["build", "--exclude-resource-type", "unit_test", "--exclude", excluded]
        invocation = dbt_cli.cli(command, context=context, target_path=dbt.fresh_target(settings))
        # Tables are told when dbt has ended: until then the file is dbt's alone, and nobody can count their rows. Views
        # of raw rows need no count, and dbt works on while Dagster notes them; not before what stands, which they read.
        at_once = set() if standing else views
        events: list[Any] = []
        seen: Counter[str] = Counter()
        told = time.monotonic()
        try:
            for event in invocation.stream():
                seen[_kind(event)] += 1
                if time.monotonic() - told > PROGRESS_SECONDS:
                    told = time.monotonic()
                    nightly_run.say(context, f"dbt: {seen['models built']} of {len(models) - len(standing)} models")
                if isinstance(event, dg.Output) and event.output_name in at_once:
                    yield _with_rows(event, {})
                else:
                    events.append(event)
        except DagsterDbtCliRuntimeError as error:
            found = dbt.failures(invocation.target_path) or [dbt.end_of(invocation.process.returncode, error)]
            yield from events
            more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
            raise dg.Failure(f"dbt build: {found[0]}{more}", {"failures": dg.MetadataValue.json(found)}) from error
        with nightly_run.warehouse() as connection:
            built.record(connection, models, instant, run_id, inputs if models == order else None)
            if models == order:
                built.remember(connection, prepared, code)
            told_of = shown.tables(connection, models)
        for name in standing:
            unchanged = {"unchanged_by": ", ".join(prepared.changed)}
            yield dg.MaterializeResult(asset_key=name, metadata={**unchanged, **told_of[name]})
        for event in events:
            yield _with_rows(event, told_of[event.output_name]) if isinstance(event, dg.Output) else event
        nightly_run.say(context, "dbt: " + ", ".join(f"{count} {kind}" for kind, count in sorted(seen.items())))

    return dbt_build


def _views_of_raw_rows(manifest: dict[str, Any], order: list[str]) -> set[str]:
    """Views that read no table. Dagster wants to hear of a model after all that it reads."""
    nodes = {node["name"]: node for node in manifest["nodes"].values() if node["resource_type"] == "model"}
    found: set[str] = set()
    for name in order:
        read = {id.split(".")[-1] for id in nodes[name]["depends_on"]["nodes"] if id.startswith("model.")}
        if nodes[name]["config"]["materialized"] == "view" and read <= found:
            found.add(name)
    return found


def _added(prepared: Prepared) -> str:
    """What a build that adds to the last one's tables says of itself."""
    if not prepared.adds_since:
        return ""
    changed = [name for name in prepared.changed if name not in OF_THE_NIGHT]
    whole = f"; whole what depends on {', '.join(changed)}" if changed else ""
    return f", adding to the tables of {prepared.adds_since:%F %T}{whole}"


def _with_rows(event: dg.Output, rows: dict[str, Any]) -> dg.Output:
    """dagster-dbt's event of a built model with its rows and seconds in place of dbt's own ids."""
    return event.with_metadata({"seconds": event.metadata["Execution Duration"], **rows})


def _kind(event: Any) -> str:
    if isinstance(event, dg.AssetCheckResult | dg.AssetCheckEvaluation):
        return "tests passed" if event.passed else "tests warned"
    return "models built" if isinstance(event, dg.Output | dg.AssetMaterialization) else "observations"
