"""A build on Spark: every model and every test of it in a schema of its own, and only then the views that readers know.

The views are switched one after the other; each always shows a whole build. A build that fails leaves them alone.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dbt.cli.main import dbtRunner
from dbt_common.events.base_types import EventMsg
from pyspark.sql import SparkSession

from ingestion.configuration import Configuration
from ingestion.settings import Settings
from orchestration.lib.dbt import PROJECT, as_parsed, failures, published_models
from orchestration.lib.run_lock import hold
from orchestration.spark.place import place_of
from orchestration.spark.session import spark_session
from orchestration.spark.sources import control_tables, lake_tables, link_lake
from orchestration.spark.translated import translate_queries

#: The schema of the views, and how the schemas of builds begin.
PUBLISHED, RUN = "support_kpis", "support_kpis_run_"
THREADS = 2
#: Tests are part of a build; unit tests hold for the SQL, whatever the engine.
WITH_TESTS = ("build", "--exclude-resource-type", "unit_test")
_EVERY = 25

Say = Callable[[str], None]


class SparkBuildError(Exception):
    """The build failed and the views are as they were. One line for each model or test that did not pass."""


@dataclass(frozen=True)
class Built:
    """`schema`: where the tables are. `tables`: how many are shown. `files`: how many of the lake were read."""

    schema: str
    tables: int
    files: int


def build(
    settings: Settings,
    configuration: Configuration,
    as_of: datetime,
    master: str | None = None,
    conf: Mapping[str, str] | None = None,
    wait: float = 600,
    say: Say = lambda text: None,
) -> Built:
    """Builds all tables as of then from the lake of the home and shows them in schema `support_kpis`.

    Holds the run lock, as a night does. Raises SparkBuildError, and RunActiveError where another holds it for more than
    `wait` seconds.
    """
    schema = f"{RUN}{datetime.now(UTC):%Y%m%d_%H%M%S_%f}"
    with hold(settings.lock_path, wait_seconds=wait, run_id=schema, say=say):
        return _build(settings, configuration, as_of, schema, master, conf, say)


def _build(
    settings: Settings,
    configuration: Configuration,
    as_of: datetime,
    schema: str,
    master: str | None,
    conf: Mapping[str, str] | None,
    say: Say,
) -> Built:
    place = place_of(settings)
    place.mkdir(mode=0o700, exist_ok=True)
    session = spark_session(place, master, conf)
    folder = place / "sources" / schema
    session.sql(f"create schema `{schema}`")
    try:
        files = link_lake(settings, folder)
        control_tables(session, schema, folder, settings, configuration, as_of)
        lake_tables(session, schema, folder)
        models = call_dbt(place, schema, WITH_TESTS, say)
        _show(session, schema, models)
    except BaseException:
        _drop(session, schema, place)
        raise
    _drop_older(session, schema, place)
    return Built(schema, len(models), files)


def call_dbt(place: Path, schema: str, command: Sequence[str], say: Say = lambda text: None) -> list[str]:
    """A command of dbt over the sources in a schema, into it. Returns the published models; raises SparkBuildError.

    `place` gets the profile, the log and the artifacts.
    """
    output = {"type": "spark", "method": "session", "host": "localhost", "schema": schema, "threads": THREADS}
    profile = {"support_kpis": {"target": "spark", "outputs": {"spark": output}}}
    (place / "profiles.yml").write_text(json.dumps(profile))
    target, done = place / "target", 0

    def tell(event: EventMsg) -> None:
        nonlocal done
        if event.info.name == "NodeFinished":
            done += 1
            if done % _EVERY == 0:
                say(f"{done} models and tests done")

    translate_queries()
    options = {"--project-dir": PROJECT, "--profiles-dir": place, "--target-path": target, "--log-path": place}
    called = [str(part) for option in options.items() for part in option]
    result = dbtRunner(callbacks=[tell]).invoke(["--quiet", "--no-version-check", *command, *called, *as_parsed()])
    if not result.success:
        raise SparkBuildError("\n".join(failures(target)) or " ".join(str(result.exception).split()))
    return published_models(json.loads((target / "manifest.json").read_bytes()))


def _show(session: SparkSession, schema: str, models: Sequence[str]) -> None:
    session.sql(f"create schema if not exists `{PUBLISHED}`")
    for model in models:
        session.sql(f"create or replace view `{PUBLISHED}`.`{model}` as select * from `{schema}`.`{model}`")


def _drop_older(session: SparkSession, schema: str, place: Path) -> None:
    """All builds but this one and the one before it, which somebody may still be reading."""
    names = sorted(row[0] for row in session.sql(f"show schemas like '{RUN}*'").collect())
    for name in names[: names.index(schema)][:-1]:
        _drop(session, name, place)


def _drop(session: SparkSession, schema: str, place: Path) -> None:
    session.sql(f"drop schema if exists `{schema}` cascade")
    shutil.rmtree(place / "sources" / schema, ignore_errors=True)
