"""`served/postgres`: the version of `published/current` in a database server, where one is set.

Belongs here: how serving shows in Dagster. Not here: what is written there (orchestration/serving).
"""

from collections.abc import Iterator

import dagster as dg

from ingestion.configuration import Configuration
from ingestion.settings import Settings
from orchestration.lib.nightly_run import NightlyRun
from orchestration.serving.load import serve
from orchestration.serving.place import place_of

KEY = dg.AssetKey(["served", "postgres"])
SHOWN = "current_version_is_shown"


def served_assets(settings: Settings, configuration: Configuration) -> list[dg.AssetsDefinition]:
    """None without a server. Raises ConfigError for a URL that is none."""
    if place_of(settings, configuration) is None:
        return []

    @dg.asset(
        key=KEY,
        deps=["published"],
        group_name="published",
        kinds={"postgres"},
        output_required=False,
        check_specs=[
            dg.AssetCheckSpec(SHOWN, asset=KEY, description="The server shows the version that is published.")
        ],
    )
    def served_postgres(context: dg.AssetExecutionContext, nightly_run: NightlyRun) -> Iterator:
        """The tables of `published/current` in a schema of a PostgreSQL server, all of one version. Comes after the
        publication and takes nothing back of it: while the server is away it shows the version before."""
        try:
            settings, configuration = nightly_run.settings, nightly_run.configuration
            place = place_of(settings, configuration)
            found = serve(settings, configuration, place, lambda text: nightly_run.say(context, text))
        # Whatever it is, the version is published and the night was good.
        except Exception as error:
            told = f"{type(error).__name__}: " * (not str(error)) + " ".join(str(error).split())
            nightly_run.say(context, f"served: not served: {told}")
            yield dg.AssetCheckResult(
                check_name=SHOWN, passed=False, severity=dg.AssetCheckSeverity.WARN, description=told
            )
            return
        yield dg.MaterializeResult(
            metadata={
                "version": found.run_id,
                "schema": place.schema,
                "tables": found.tables,
                "tables_loaded": found.loaded,
                "rows_loaded": found.rows,
                "seconds": round(found.seconds, 3),
            },
            check_results=[dg.AssetCheckResult(check_name=SHOWN, passed=True, severity=dg.AssetCheckSeverity.WARN)],
        )

    return [served_postgres]
