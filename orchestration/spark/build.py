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

import duckdb
from dbt.cli.main import dbtRunner
from dbt_common.events.base_types import EventMsg
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from ingestion.configuration import Configuration
from ingestion.errors import RemoteError
from ingestion.settings import Settings
from orchestration.lib.dbt import PROJECT, failures, published_models
from orchestration.lib.run_lock import hold
from orchestration.spark.place import place_of
from orchestration.spark.session import spark_session
from orchestration.spark.sources import control_tables, lake_tables
from orchestration.spark.translated import translate_queries

#: The schema of the views; those of builds begin with its name.
PUBLISHED = "support_kpis"
_SHOWN = "shown"
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


@dataclass(frozen=True)
class _Build:
    schema: str
    models: list[str]
    files: int


def build(
    settings: Settings,
    configuration: Configuration,
    as_of: datetime,
    master: str | None = None,
    conf: Mapping[str, str] | None = None,
    shown_in: str = PUBLISHED,
    wait: float = 600,
    say: Say = lambda text: None,
) -> Built:
    """Builds all tables as of then from the lake of the home and shows them as views in schema `shown_in`.

    Holds the run lock, as a night does. Raises SparkBuildError, and RunActiveError where another holds it for more than
    `wait` seconds.
    """
    run_id = f"{shown_in}_run_{datetime.now(UTC):%Y%m%d_%H%M%S_%f}"
    place = place_of(settings)
    place.mkdir(mode=0o700, exist_ok=True)
    with hold(settings.lock_path, wait_seconds=wait, run_id=run_id, say=say):
        try:
            session = spark_session(place, master, conf)
            built = _build(session, place, settings, configuration, as_of, run_id, say)
            _show(session, place, built, shown_in)
        except (Py4JError, PySparkException, duckdb.Error, RemoteError) as error:
            raise SparkBuildError(" ".join(str(error).split("JVM stacktrace")[0].split())[:600]) from error
    return Built(built.schema, len(built.models), built.files)


def _build(
    session: SparkSession,
    place: Path,
    settings: Settings,
    configuration: Configuration,
    as_of: datetime,
    schema: str,
    say: Say,
) -> _Build:
    folder = place / "sources" / schema
    session.sql(f"create schema `{schema}`")
    try:
        files = lake_tables(session, schema, folder, settings, place, say)
        control_tables(session, schema, folder, settings, configuration, as_of)
        models = call_dbt(place, schema, WITH_TESTS, say)
    except BaseException:
        _drop(session, schema, place)
        raise
    return _Build(schema, models, files)


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
    result = dbtRunner(callbacks=[tell]).invoke(["--quiet", "--no-version-check", *command, *called])
    if not result.success:
        raise SparkBuildError("\n".join(failures(target)) or " ".join(str(result.exception).split()))
    return published_models(json.loads((target / "manifest.json").read_bytes()))


def _show(session: SparkSession, place: Path, built: _Build, shown_in: str) -> None:
    """Switches the views, and drops all builds of this home but this one and the one that was shown before, which
    somebody may still be reading."""
    session.sql(f"create schema if not exists `{shown_in}`")
    for model in built.models:
        session.sql(f"create or replace view `{shown_in}`.`{model}` as select * from `{built.schema}`.`{model}`")
    shown = place / _SHOWN
    kept = {built.schema, shown.read_text()} if shown.exists() else {built.schema}
    shown.write_text(built.schema)
    for folder in (place / "sources").iterdir():
        if folder.name not in kept:
            _drop(session, folder.name, place)


def _drop(session: SparkSession, schema: str, place: Path) -> None:
    session.sql(f"drop schema if exists `{schema}` cascade")
    shutil.rmtree(place / "sources" / schema, ignore_errors=True)
