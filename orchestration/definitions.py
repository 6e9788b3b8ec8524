"""The root that Dagster loads: everything in `orchestration/defs`, put together for one data directory.

Belongs here: binding definitions and resources. Not here: any asset, check or schedule.
"""

import dagster as dg

from ingestion.adapters import STREAMS
from ingestion.catalogue import kpi_catalogue
from ingestion.configuration import load_configuration
from ingestion.limits import limits_of
from ingestion.settings import Settings, load_settings
from orchestration.defs.checks import quality_checks, target_checks
from orchestration.defs.publish import published_asset
from orchestration.defs.pulls import pulled_endpoints, pulls_of
from orchestration.defs.raw import raw_streams
from orchestration.defs.schedules import nightly_job, nightly_schedule
from orchestration.defs.served import served_assets
from orchestration.defs.transform import dbt_models
from orchestration.deploy.broker import BROKER, INGEST, app_args
from orchestration.lib import dbt
from orchestration.lib.event_log import spare_syncs
from orchestration.lib.home import prepare_home
from orchestration.lib.nightly_run import NightlyRun


def build_defs(settings: Settings, on_workers: bool = False) -> dg.Definitions:
    """All definitions for the home of `settings`; for one process, or with steps for workers behind a broker. Raises
    ConfigError and DbtProjectError, each one readable line."""
    spare_syncs()
    catalogue = kpi_catalogue()
    configuration = load_configuration(settings, catalogue)
    prepare_home(settings, configuration.settings["retention"]["run_days"])
    dbt.write_profile(settings, limits_of(configuration.settings))
    manifest = dbt.manifest(settings)
    published = dbt.published_models(manifest)
    general = configuration.settings
    pulls = pulls_of(configuration)
    raw, executor = [raw_streams(general, manifest, pulls)], dg.in_process_executor
    if on_workers:
        broker = app_args(settings)
        from orchestration.deploy.executor import night_on_workers

        executor = night_on_workers(broker, settings)
        raw = [raw_streams(general, manifest, pulls, source, INGEST) for source in sorted({id[0] for id in STREAMS})]
    nightly = nightly_job(executor)
    return dg.Definitions(
        assets=owned(
            [
                *pulled_endpoints(configuration),
                *raw,
                dbt_models(manifest),
                published_asset(manifest),
                *served_assets(settings, configuration),
            ],
            general["owners"],
        ),
        asset_checks=[target_checks(configuration, catalogue, published), quality_checks()],
        jobs=[nightly],
        schedules=[nightly_schedule(nightly, general["time_zone"])],
        resources={
            "nightly_run": NightlyRun(home=str(settings.home)),
            # Nothing of it is for the launch form.
            "dbt_cli": dg.ResourceDefinition.hardcoded_resource(dbt.dbt_resource(settings)),
        },
        executor=executor,
    )


def owned(assets: list[dg.AssetsDefinition], owners: dict[str, list[str]]) -> list[dg.AssetsDefinition]:
    """The same with who is asked about them: the owners of their group, else those of `all`."""
    return dg.map_asset_specs(
        lambda spec: spec.replace_attributes(owners=owners.get(spec.group_name, owners["all"])), assets
    )


@dg.definitions
def defs() -> dg.Definitions:
    """What `make ui` and a code server serve: the home that the environment names."""
    return defs_of(load_settings())


def defs_of(settings: Settings) -> dg.Definitions:
    """Those of a service; the command line does all steps itself, whatever the services do."""
    return build_defs(settings, on_workers=BROKER in settings.credentials)
