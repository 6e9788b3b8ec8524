"""Space and limits of a whole night: refused before anything is written, and the disk that was full is named."""

import json
import os
import subprocess

import duckdb
import pytest

from ingestion.limits import Limits
from ingestion.settings import load_settings
from orchestration.lib import space
from orchestration.lib.dbt import COMMAND, write_profile
from orchestration.lib.home import QUIET
from orchestration.lib.job import Options, run_nightly
from orchestration.lib.nightly_run import NightlyRun


@pytest.fixture
def settings(tmp_path):
    settings = load_settings(home=tmp_path / "home", env={})
    settings.prepare_home()
    return settings


def configure(settings, text):
    (settings.config / "settings.toml").write_text(text)


def test_a_night_without_free_space_does_not_begin(settings):
    configure(settings, f"[limits]\nfree_mib = {1 << 40}\n")
    before = sorted(settings.home.rglob("*"))
    outcome = run_nightly(Options(home=settings.home))
    assert outcome.error.startswith(f"the night needs space: {1 << 40} MiB have to stay free, but ")
    assert "Next: free disk space there" in outcome.error and "\n" not in outcome.error
    assert not outcome.published and sorted(settings.home.rglob("*")) == before


def test_building_and_publishing_are_estimated_from_what_is_there(settings):
    assert space.bytes_to_build(settings) == space.EMPTY_WAREHOUSE_BYTES
    assert space.bytes_to_publish(settings) == 0
    (settings.lake / "a.parquet").write_bytes(b"x" * 1000)
    assert space.bytes_to_build(settings) == space.EMPTY_WAREHOUSE_BYTES + 4000
    with settings.warehouse.open("wb") as file:
        file.truncate(1 << 30)
    assert space.bytes_to_build(settings) == 1 << 28
    assert space.bytes_to_publish(settings) == 2 << 30


def test_a_version_needs_no_space_for_what_is_free_in_the_warehouse(settings):
    with duckdb.connect(str(settings.warehouse)) as connection:
        for name in ("one", "other"):
            connection.execute(f"create table {name} as select i, hash(i) as h from range(1000000) r(i)")
        connection.execute("drop table other")
        connection.execute("checkpoint")
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        used = space.bytes_in_use(connection)
    size = settings.warehouse.stat().st_size
    assert 8_000_000 < used < 0.6 * size
    assert space.bytes_to_publish(settings, used) == 2 * used < space.bytes_to_publish(settings) == 2 * size


def test_what_another_run_removes_meanwhile_counts_nothing(settings, monkeypatch):
    gone = [(str(settings.lake), [], ["a.parquet"])]
    monkeypatch.setattr(space.os, "walk", lambda _: gone)
    assert space.bytes_to_build(settings) == space.EMPTY_WAREHOUSE_BYTES


def test_a_new_home_is_asked_for_space_where_it_will_stand(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(Limits, "require_space", lambda _, folder, *__: asked.append(folder))
    space.require_to_begin(load_settings(home=tmp_path / "new" / "home", env={}), Limits(1, None, 256))
    assert asked == [tmp_path]


def test_the_disk_that_lacks_most_is_named(settings, monkeypatch):
    free = dict.fromkeys(space._needs(settings), 1 << 40) | {settings.tmp: 3 << 20}
    monkeypatch.setattr(space, "_free", free.get)
    said = space.where_full(settings, Limits(1, None, 256))
    assert said == f"3 MiB are free under {settings.tmp}, a night needs about 256 MiB there"


def test_the_limits_reach_dbt_and_every_connection(settings):
    configure(settings, "[limits]\nmemory_mib = 321\ntemp_mib = 55\n")
    run = NightlyRun(home=str(settings.home))
    write_profile(settings, run.limits)
    profile = (settings.dbt_dir / "profiles.yml").read_text()
    line = next(line for line in profile.splitlines() if line.strip().startswith("config_options:"))
    assert json.loads(line.split("config_options:", 1)[1]) == {
        "memory_limit": "321MiB",
        "temp_directory": str(settings.tmp),
        "max_temp_directory_size": "55MiB",
        "wal_autocheckpoint": "256MiB",
        "preserve_insertion_order": "false",
    }
    assert "settings: {TimeZone: UTC}" in profile
    names = ("memory_limit", "max_temp_directory_size", "temp_directory", "TimeZone")
    with run.warehouse() as connection:
        found = [connection.execute("select current_setting(?)", [name]).fetchall()[0][0] for name in names]
    assert found == ["321.0 MiB", "55.0 MiB", str(settings.tmp), "UTC"]


def test_dbt_goes_on_after_a_model_that_spills(settings, tmp_path):
    configure(settings, "[limits]\nmemory_mib = 100\n")
    write_profile(settings, NightlyRun(home=str(settings.home)).limits)
    (tmp_path / "project" / "models").mkdir(parents=True)
    (tmp_path / "project" / "dbt_project.yml").write_text("name: spilling\nversion: '1.0'\nprofile: support_kpis\n")
    for name in ("first", "second"):
        model = "{{ config(materialized='table') }} select sha256(i::varchar) as h from range(2000000) n(i) order by h"
        (tmp_path / "project" / "models" / f"{name}.sql").write_text(model)
    command = [*COMMAND, "run", "--project-dir", tmp_path / "project", "--threads", "1"]
    command += ["--profiles-dir", settings.dbt_dir, "--log-path", tmp_path / "logs"]
    environment = {**os.environ, **QUIET}
    done = subprocess.run([*map(str, command)], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
