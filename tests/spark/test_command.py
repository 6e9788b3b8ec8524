"""`support-kpis spark` on homes with a night in them: on this machine, on a cluster over an object store."""

import json
import shutil

import pytest

from ingestion.adapters import STREAMS
from ingestion.remote.opening import Remote
from ingestion.settings import load_settings
from orchestration.lib.job import Options, run_nightly
from orchestration.spark.place import delete_builds
from tests.helpers import SHARED_DATA, needs_shared_data, support_kpis
from tests.remote.servers import needs_drivers, store
from tests.spark.cluster import spark_cluster
from tests.spark.nights import spark, unlike_the_published
from tests.spark.sessions import needs_spark

BANK = SHARED_DATA / "anonymous_bank_1999_08_first"


def test_without_a_night_or_a_value_it_says_what_to_do(tmp_path, home_after_first_night):
    done = support_kpis("spark", "--home", tmp_path / "nowhere")
    assert done.returncode == 1 and "start with support-kpis run" in done.stderr
    done = support_kpis("spark", "--home", home_after_first_night, "--schema", "drop table")
    assert done.returncode == 2 and "is no name of a schema" in done.stderr
    done = support_kpis("spark", "--home", home_after_first_night, "--conf", "spark.executor.memory")
    assert done.returncode == 2 and "write NAME=VALUE" in done.stderr


@pytest.mark.long
@needs_spark
def test_it_shows_what_the_night_published_and_a_failed_build_changes_nothing(home_after_first_night, tmp_path):
    code, said = spark(home_after_first_night)
    assert code == 0, said[-20:]
    assert unlike_the_published(home_after_first_night, said, tmp_path / "keys") == {}
    place = home_after_first_night / "spark"
    before = sorted(path.name for part in ("tables", "sources") for path in (place / part).iterdir())
    # Files that are not Parquet: the models fail on them, and the build leaves nothing behind.
    for file in (home_after_first_night / "lake" / "generic" / "tickets").rglob("*.parquet"):
        file.unlink()
        file.write_bytes(b"no Parquet")
    code, said = spark(home_after_first_night)
    assert code == 1 and any("its views are as they were" in line for line in said), said[-20:]
    assert sorted(path.name for part in ("tables", "sources") for path in (place / part).iterdir()) == before


@pytest.mark.long
@needs_spark
@needs_drivers
def test_a_cluster_that_reads_a_store_and_loses_a_worker_ends_with_the_same_rows(home_after_first_night, tmp_path):
    home = home_after_first_night
    with spark_cluster(tmp_path) as cluster, store(tmp_path) as s3:
        env = {
            "SUPPORT_KPIS_SPARK_LAKE_URL": "s3://kpis/lake",
            "SUPPORT_KPIS_SPARK_LAKE_OPTIONS": s3.env["SUPPORT_KPIS_LANDING_OPTIONS"],
        }

        def lose_one(line: str) -> None:
            if line.startswith("75 models and tests") and "worker-0" in cluster.processes:
                cluster.kill("worker-0")

        more = ("--conf", "spark.executor.memory=900m", "--conf", "spark.executor.cores=1")
        code, said = spark(home, *more, master=cluster.url, told=lose_one, env=env)
        assert code == 0, said[-20:]
        assert set(cluster.processes) == {"master", "worker-1"}
        lake = {str(path.relative_to(home / "lake")) for path in (home / "lake").rglob("*.parquet")}
        for method in ("PUT", "GET"):
            asked = "\n".join(s3.requests_made(method))
            assert len(lake) > 20 and [name for name in lake if name.split("/")[-1] not in asked] == []
        assert {path.name for path in (home / "spark" / "sources").glob("*/*")}.isdisjoint(map("__".join, STREAMS))
        assert unlike_the_published(home, said, tmp_path / "keys") == {}
        settings = load_settings(home, env=env)
        remote = Remote(settings.spark_lake)
        assert len(remote.tried("cannot be listed", lambda there: there.find(remote.root))) == len(lake) + 1
        assert delete_builds(settings)
        assert Remote(settings.spark_lake).tried("cannot be listed", lambda there: there.find(remote.root)) == []


@pytest.mark.long
@needs_spark
@needs_shared_data
def test_the_recorded_centre_is_the_same_there(tmp_path):
    home = tmp_path / "home"
    for name in ("landing", "config"):
        shutil.copytree(BANK / name, home / name)
    outcome = run_nightly(Options(home=home, as_of=json.loads((BANK / "expected_by_day.json").read_text())["as_of"]))
    assert outcome.error is None, outcome.error
    code, said = spark(home)
    assert code == 0, said[-20:]
    assert unlike_the_published(home, said, tmp_path / "keys") == {}
