"""`support-kpis spark`: the tables once more, on Spark, from the same lake. How: orchestration/spark."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import click

from orchestration.cli_options import BUSY, STOPPED, WRONG_USAGE, examples, home_option, note, wait_option


@click.command(epilog=examples("spark", "spark --master spark://master:7077 --conf spark.executor.memory=8g"))
@home_option
@wait_option
@click.option("--as-of", metavar="INSTANT", help="The end of what is looked at, ISO 8601 (default: now).")
@click.option("--master", metavar="URL", help="Spark's master (default: as Spark is configured, else this machine).")
@click.option("--schema", default="support_kpis", metavar="NAME", help="Where the views are (default: support_kpis).")
@click.option("--conf", multiple=True, metavar="NAME=VALUE", help="A setting of Spark's; may be repeated.")
def spark(home, wait, as_of, master, schema, conf) -> int:
    """Build and test all tables on Spark from what the last nights have loaded, and show them there as views.
    What DuckDB publishes stays as it is. Needs make driver-spark and Java 17."""
    from ingestion.catalogue import kpi_catalogue
    from ingestion.configuration import load_configuration
    from ingestion.settings import load_settings, parse_instant
    from orchestration.lib.run_lock import RunActiveError

    if not re.fullmatch(r"[a-z][a-z0-9_]*", schema):
        note(f"support-kpis: --schema {schema} is no name of a schema; use a-z, 0-9 and _")
        return WRONG_USAGE
    if wrong := [one for one in conf if "=" not in one]:
        note(f"support-kpis: --conf {wrong[0]} has no value; write NAME=VALUE")
        return WRONG_USAGE
    settings = load_settings(home=home)
    instant = parse_instant(as_of) if as_of else settings.as_of or datetime.now(UTC)
    configuration = load_configuration(settings, kpi_catalogue())
    if not settings.manifest_path.exists():
        note(f"support-kpis: nothing is loaded under {settings.home} yet; start with support-kpis run")
        return STOPPED
    try:
        from orchestration.spark.build import SparkBuildError, build
    except ModuleNotFoundError as error:
        if "spark" not in str(error) and "py4j" not in str(error):
            raise
        note("support-kpis: spark needs the packages dbt-spark and pyspark; make driver-spark installs them")
        return STOPPED
    try:
        built = build(
            settings, configuration, instant, master, dict(one.split("=", 1) for one in conf), schema, wait, note
        )
    except RunActiveError as error:
        note(f"support-kpis: {error}")
        return BUSY
    except SparkBuildError as error:
        note("support-kpis: the build on Spark failed, its views are as they were (log: spark/dbt.log there)")
        note(str(error))
        return STOPPED
    note(f"schema {schema} shows {built.tables} tables of {built.schema}, from {built.files} files of the lake")
    return 0
