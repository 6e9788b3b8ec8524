"""Asset checks in Python: every target of targets.csv on the scorecard, and the warnings about data quality.

Belongs here: reading results that the models have computed and showing them. Not here: blocking checks (defs.raw for
loading, dbt's data tests for tables) and how a value or a fault is computed (dbt_project/).
"""

from collections.abc import Collection, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb

from ingestion.configuration import Configuration
from ingestion.quoting import literal
from orchestration.lib import targets
from orchestration.lib.nightly_run import NightlyRun
from orchestration.lib.scorecard import scorecard_url
from orchestration.page import charts

SCORECARD = dg.AssetKey("mart_kpi_scorecard")
QUALITY = dg.AssetKey("mart_data_quality")

# check_name in mart_data_quality -> what one fault is.
QUALITY_CHECKS = {
    "future_rows": "Rows later than the run's as_of; they are left out of it.",
    "orphans": "Rows that name a ticket, contact or order which no export holds.",
    "clock_faults": "Instants in an order that cannot be: a reply before its request, shipped before ordered.",
    "clock_jumps": "Lines of a log dated more than a minute before the line above: its clock was set back.",
    "overlapping_statuses": "Statuses of an agent that begin before the one before has ended; the later one counts.",
    "mixed_currencies": "Orders whose lines are in several currencies; they have no revenue to add.",
    "unmapped_channels": "Tickets or calls without a row in channels.csv.",
    "unmapped_issue_types": "Contacts without a row in issue_types.csv.",
    "unmapped_agents": "Agents without a row in agents.csv, in a source whose other agents have one.",
    "unknown_statuses": "Resolved tickets with a status nobody knows; they count as unsolved. Export it in English.",
    "calls_without_outcome": "Calls whose log never closed; neither abandoned nor answered.",
    "stale_streams": "Streams whose newest row is older than [freshness] in settings.toml allows.",
}


def target_checks(
    configuration: Configuration, catalogue: dict[str, dict[str, Any]], published: Collection[str]
) -> dg.AssetChecksDefinition:
    """One check for each target_id of targets.csv, in force or not. None of them blocks: a miss is a result.

    `published`: the tables of a version, for the way from a value to its rows.
    """
    described = targets.descriptions(configuration.tables["targets"], catalogue)

    @dg.multi_asset_check(
        name="kpi_targets",
        specs=[dg.AssetCheckSpec(name, asset=SCORECARD, description=text) for name, text in sorted(described.items())],
        can_subset=True,
    )
    def kpi_targets(context: dg.AssetCheckExecutionContext, nightly_run: NightlyRun) -> Iterator[dg.AssetCheckResult]:
        # The version that this run will publish: what `current` leads to is another night by tomorrow.
        parquet = nightly_run.settings.published / "versions" / context.run.run_id / "parquet"
        with nightly_run.warehouse(read_only=True) as connection:
            rows = targets.scorecard_rows(connection)
            for name in sorted(key.name for key in context.selected_asset_check_keys):
                if row := rows.get(name):
                    kpi = catalogue.get(row["kpi_id"], {})
                    measured = targets.as_measured(row, kpi)
                    rows_sql = targets.rows_sql(measured, kpi, parquet, published)
                    days = targets.last_days(connection, measured)
                    worst = targets.offenders(connection, measured)
                    page = scorecard_url(context.run.run_id, name)
                    yield target_result(row, worst, rows_sql, parquet, days, page)
                else:
                    yield dg.AssetCheckResult(
                        asset_key=SCORECARD, check_name=name, passed=True, description="not in force at as_of"
                    )

    return kpi_targets


def target_result(
    row: dict[str, Any],
    worst: list[targets.Offender],
    rows_sql: str,
    parquet: Path,
    days: list[tuple[date, float]],
    page: str,
) -> dg.AssetCheckResult:
    """A target's row of the scorecard as the result of its check, with the severity in force at as_of."""
    metadata = {
        "value": targets.show(row["value"], row["unit"]),
        "target": f"{row['comparator']} {targets.show(row['target'], row['unit'])}",
        "window": f"{row['window_start']} to {row['window_end']}",
        "status": row["status"],
        "previous_value": targets.show(row["previous_value"], row["unit"]),
        "last_30_days": targets.as_sparks([value for _, value in days], row["unit"]),
        "sample_size": row["sample_size"] or 0,
        "worst_offenders": dg.MetadataValue.md(targets.as_markdown(worst, row["unit"])),
        "rows": dg.MetadataValue.md(f"```sql\n{rows_sql}\n```"),
        "rows_file": dg.MetadataValue.path(str(parquet / "mart_kpi_timeseries.parquet")),
        "scorecard": dg.MetadataValue.url(page),
    }
    if days:
        plot = charts.against_target(days, float(row["target"]))
        metadata["plot"] = dg.MetadataValue.md(f"![the last 30 days, and the target, dashed]({plot})")
    if row["value"] is not None:
        # Dagster draws a number of every check's run: its values over the nights.
        metadata[f"value_{row['unit']}"] = float(row["value"])
    found = f"{metadata['value']}, target {metadata['target']}"
    if row["status"] in ("missed", "at_risk") and worst:
        found += f"; most of it: {worst[0].where} ({targets.show(worst[0].value, row['unit'])})"
    text = "no data in the window" if row["status"] == "no_data" else found
    return dg.AssetCheckResult(
        asset_key=SCORECARD,
        check_name=row["target_id"],
        passed=row["status"] != "missed",
        severity=dg.AssetCheckSeverity[row["severity"].upper()],
        description=text,
        metadata=metadata,
    )


def quality_checks() -> dg.AssetChecksDefinition:
    """One warning for each kind of fault that mart_data_quality counts."""

    @dg.multi_asset_check(
        name="data_quality",
        specs=[dg.AssetCheckSpec(name, asset=QUALITY, description=text) for name, text in QUALITY_CHECKS.items()],
        can_subset=True,
    )
    def data_quality(context: dg.AssetCheckExecutionContext, nightly_run: NightlyRun) -> Iterator[dg.AssetCheckResult]:
        with nightly_run.warehouse(read_only=True) as connection:
            for name in sorted(key.name for key in context.selected_asset_check_keys):
                yield quality_result(connection, name)

    return data_quality


def quality_result(connection: duckdb.DuckDBPyConnection, name: str) -> dg.AssetCheckResult:
    """Passes without faults; else warns with the count and an example for each stream."""
    found = connection.execute(
        f"select source, stream, faults, example from mart_data_quality where check_name = {literal(name)}"
        " and faults > 0 order by faults desc, source, stream"
    ).fetchall()
    lines = [f"{source}/{stream}: {faults} (e.g. {example})" for source, stream, faults, example in found]
    return dg.AssetCheckResult(
        asset_key=QUALITY,
        check_name=name,
        passed=not found,
        severity=dg.AssetCheckSeverity.WARN,
        description="; ".join(lines) or "none",
        metadata={"faults": sum(faults for _, _, faults, _ in found)},
    )
