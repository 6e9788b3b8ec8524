"""A build on Spark: every model and test in a schema of its own, and only then the views that readers know."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dbt.cli.main import dbtRunner
from pyspark.sql import SparkSession

from ingestion.configuration import Configuration
from ingestion.settings import Settings
from orchestration.lib.dbt import PROJECT, failures, published_models
from orchestration.spark.session import spark_session
from orchestration.spark.sources import put_sources
from orchestration.spark.translated import translate_queries

#: The schema of the views.
PUBLISHED = "support_kpis"
_RUN = "support_kpis_run_"


class SparkBuildError(Exception):
    """The build failed; the views are as they were. One line for each model or test that did."""


@dataclass(frozen=True)
class Built:
    schema: str
    tables: int
    files: int


def build(
    settings: Settings,
    configuration: Configuration,
    as_of: datetime,
    master: str | None = None,
    say: Callable[[str], None] = print,
    extra: dict[str, str] | None = None,
) -> Built:
    """Builds all tables as of then from the lake of the home and shows them in schema `support_kpis`."""
    place = settings.home / "spark"
    place.mkdir(exist_ok=True)
    session = spark_session(place, master, extra)
    run_id = datetime.now(UTC).strftime("%Y%m%d_%H%M%S_%f")
    schema = f"{_RUN}{run_id}"
    folder = place / "sources" / schema
    session.sql(f"create schema `{schema}`")
    try:
        files = put_sources(session, schema, folder, settings, configuration, as_of, run_id)
        models = _dbt(place, schema, say)
    except BaseException:
        _drop(session, schema, place)
        raise
    session.sql(f"create schema if not exists `{PUBLISHED}`")
    for model in models:
        session.sql(f"create or replace view `{PUBLISHED}`.`{model}` as select * from `{schema}`.`{model}`")
    _drop_older(session, schema, place)
    return Built(schema, len(models), files)


def _dbt(place: Path, schema: str, say: Callable[[str], None]) -> list[str]:
    output = {"type": "spark", "method": "session", "host": "localhost", "schema": schema, "threads": 2}
    profile = {"support_kpis": {"target": "spark", "outputs": {"spark": output}}}
    (place / "profiles.yml").write_text(json.dumps(profile))
    target = place / "target"
    translate_queries()
    options = {"--project-dir": PROJECT, "--profiles-dir": place, "--target-path": target, "--log-path": place}
    called = [str(part) for option in options.items() for part in option]
    done = dbtRunner().invoke(["--quiet", "--no-version-check", "build", "--exclude-resource-type", "unit_test", *called])
    if not done.success:
        raise SparkBuildError("\n".join(failures(target)) or str(done.exception))
    return published_models(json.loads((target / "manifest.json").read_bytes()))


def _drop_older(session: SparkSession, schema: str, place: Path) -> None:
    """All builds but this one and the one before it, which somebody may still be reading."""
    names = sorted(row[0] for row in session.sql(f"show schemas like '{_RUN}*'").collect())
    for name in names[: names.index(schema)][:-1]:
        _drop(session, name, place)


def _drop(session: SparkSession, schema: str, place: Path) -> None:
    session.sql(f"drop schema if exists `{schema}` cascade")
    shutil.rmtree(place / "sources" / schema, ignore_errors=True)
