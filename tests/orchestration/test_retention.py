"""What goes by age, each rule by itself, and what stays whatever the rules say."""

import os
import time
from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest
from dagster._core.definitions.run_request import InstigatorType

from ingestion.catalogue import kpi_catalogue
from ingestion.configuration import load_configuration
from ingestion.configuration.settings_file import DEFAULTS
from ingestion.manifest import Manifest
from ingestion.run import ingest
from ingestion.settings import load_settings
from orchestration.lib import retention
from orchestration.lib.home import prepare_home

CALLS, GROUPS = ("generic", "calls"), ("zendesk", "groups")
HEADER = "call_id,arrived_at,direction,outcome,stage_reached\n"
GROUP_PAGE = (
    '{"groups": [{"id": 1, "name": "One", "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z",'
    ' "deleted": false}], "next_page": null, "count": 1}'
)


@pytest.fixture
def settings(tmp_path):
    settings = load_settings(home=tmp_path / "home", env={})
    prepare_home(settings, 30)
    return settings


@pytest.fixture
def instance(settings):
    with dg.DagsterInstance.from_config(str(settings.dagster_home)) as instance:
        yield instance


def apply(settings, instance, **rules):
    rules = dict.fromkeys(DEFAULTS["retention"], 0) | {"versions": 7} | rules
    return list(retention.apply(settings, rules, instance))


def age(path, days):
    moment = time.time() - days * 86_400
    os.utime(path, (moment, moment))


def load(settings):
    return ingest(settings, load_configuration(settings, kpi_catalogue()), run_id="r")


def land(settings, stream, name, text):
    folder = settings.landing.joinpath(*stream)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    return folder / name


def calls(name):
    return HEADER + f"{name},2026-03-02T09:00:00Z,inbound,answered,agent\n"


def test_nothing_goes_without_an_age_and_nothing_is_said(settings, instance):
    (settings.logs / "a.log").write_text("x")
    age(settings.logs / "a.log", 1000)
    assert apply(settings, instance) == []
    assert (settings.logs / "a.log").exists()


def test_old_logs_go(settings, instance):
    for name, days in {"old.log": 31, "new.log": 29}.items():
        (settings.logs / name).write_text("x")
        age(settings.logs / name, days)
    assert apply(settings, instance, log_days=30) == ["1 log files deleted (log_days = 30)"]
    assert [path.name for path in settings.logs.iterdir()] == ["new.log"]


def test_runs_go_with_all_that_dagster_wrote_of_them(settings, instance):
    @dg.asset(check_specs=[dg.AssetCheckSpec("fine", asset="thing")])
    def thing():
        yield dg.MaterializeResult(check_results=[dg.AssetCheckResult(passed=True)])

    job = dg.Definitions(assets=[thing], jobs=[dg.define_asset_job("job")]).resolve_job_def("job")
    old, new = (job.execute_in_process(instance=instance).run_id for _ in range(2))
    _start_before(instance, old, days=31)
    assert apply(settings, instance, run_days=30) == ["1 runs with their events deleted (run_days = 30)"]
    assert [record.dagster_run.run_id for record in instance.get_run_records()] == [new]
    left = [path for path in settings.dagster_home.rglob("*") if old in path.name]
    assert left == [] and any(new in path.name for path in settings.dagster_home.rglob("*"))
    for database in settings.dagster_home.rglob("*.db"):
        assert old.encode() not in _rows(database), database.name


def test_a_run_that_has_not_ended_stays(settings, instance):
    @dg.job
    def empty():
        pass

    run = instance.create_run_for_job(empty)
    _start_before(instance, run.run_id, days=400)
    assert apply(settings, instance, run_days=1) == []
    assert instance.get_run_by_id(run.run_id) is not None


def test_exports_go_only_once_they_are_loaded(settings, instance):
    loaded = land(settings, CALLS, "loaded.csv", calls("c1"))
    bad = land(settings, CALLS, "bad.csv", "no,such,header\n1,2,3\n")
    changed = land(settings, CALLS, "changed.csv", calls("c2"))
    young = land(settings, CALLS, "young.csv", calls("c3"))
    for path in (loaded, bad, changed):
        age(path, 100)
    load(settings)
    changed.write_text(calls("c4"))
    age(changed, 99)
    late = land(settings, CALLS, "late.csv", calls("c5"))
    age(late, 100)
    assert apply(settings, instance, landing_days=90) == ["1 loaded exports deleted (landing_days = 90)"]
    assert not loaded.exists()
    assert all(path.exists() for path in (bad, changed, young, late))
    assert load(settings).rows_loaded == 2


def test_old_lake_files_leave_and_their_exports_load_no_second_time(settings, instance):
    land(settings, CALLS, "a.csv", calls("c1"))
    land(settings, GROUPS, "groups.json", GROUP_PAGE)
    load(settings)
    _load_before(settings, days=40)
    land(settings, CALLS, "b.csv", calls("c2"))
    load(settings)
    assert apply(settings, instance, lake_days=30) == ["1 lake files deleted (lake_days = 30)"]
    with Manifest(settings.manifest_path) as manifest:
        assert len(manifest.lake_files(CALLS)) == 1
        assert len(manifest.lake_files(GROUPS)) == 1, "the snapshot that holds stays"
        assert len(manifest.contents(CALLS)) == 2
        listed = set(manifest.lake_files())
    assert {path.relative_to(settings.lake).as_posix() for path in settings.lake.rglob("*.parquet")} == listed
    (settings.landing.joinpath(*CALLS) / "a.csv").rename(settings.landing.joinpath(*CALLS) / "again.csv")
    assert load(settings).rows_read == 0


def test_old_quarantine_goes(settings, instance):
    land(settings, CALLS, "bad.csv", "no,such,header\n1,2,3\n")
    load(settings)
    kept = [path for path in settings.quarantine.rglob("*") if path.is_file()]
    assert kept and apply(settings, instance, quarantine_days=10) == []
    for path in kept:
        age(path, 11)
    assert apply(settings, instance, quarantine_days=10) == [
        f"{len(kept)} quarantined files deleted (quarantine_days = 10)"
    ]
    assert not any(path.is_file() for path in settings.quarantine.rglob("*"))


def test_what_cannot_be_deleted_is_said_and_the_rest_goes_on(settings, instance, monkeypatch):
    def refuse(*_):
        raise PermissionError("not yours")

    monkeypatch.setattr(retention.versions, "prune", refuse)
    (settings.logs / "old.log").write_text("x")
    age(settings.logs / "old.log", 31)
    said = apply(settings, instance, log_days=30)
    assert said == ["published versions left for the next night: not yours", "1 log files deleted (log_days = 30)"]


def _start_before(instance, run_id, days):
    """Dagster filters by the moment at which its row was made."""
    from sqlalchemy import text

    moment = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=days)
    with instance.run_storage.connect() as connection:
        sql = text("update runs set create_timestamp = :moment where run_id = :run_id")
        connection.execute(sql, {"moment": str(moment), "run_id": run_id})


def _load_before(settings, days):
    """As if all of the lake had been loaded that long ago."""
    day = (datetime.now(UTC) - timedelta(days=days)).date().isoformat()
    with Manifest(settings.manifest_path) as manifest, manifest.transaction():
        for name in manifest.lake_files():
            stream = tuple(name.split("/")[:2])
            older = f"{stream[0]}/{stream[1]}/load_date={day}/{name.split('/')[-1]}"
            (settings.lake / older).parent.mkdir(parents=True, exist_ok=True)
            (settings.lake / name).rename(settings.lake / older)
            manifest.forget_lake_files([name])
            manifest.put_lake_file(stream, older, "hash")


def _rows(database):
    """Everything in the tables of an SQLite file; deleted pages keep their bytes until they are used again."""
    import sqlite3

    with sqlite3.connect(database) as connection:
        return "\n".join(connection.iterdump()).encode()


def test_ticks_of_the_schedule_go_with_the_runs(settings):
    prepare_home(settings, 12)
    with dg.DagsterInstance.from_config(str(settings.dagster_home)) as instance:
        kinds = (InstigatorType.SCHEDULE, InstigatorType.SENSOR)
        assert [set(instance.get_tick_retention_settings(kind).values()) for kind in kinds] == [{12}, {12}]
