"""Ten generated worlds and the recorded call centre, one after the other in one schema: every row of every table."""

import json
import shutil
from random import Random

import pytest

from orchestration.lib.job import Options, run_nightly
from tests.helpers import SHARED_DATA, needs_shared_data, published_keys
from tests.serving.by_hand import Served, differences
from tests.serving.servers import needs_driver, needs_server, postgres, support_kpis
from tests.worlds.building import build_full_world
from tests.worlds.engine import built_tables, raw_world

pytestmark = [pytest.mark.long, needs_driver, needs_server]
BANK = SHARED_DATA / "anonymous_bank_1999_08_first"
SEEDS = range(10)


@pytest.fixture(scope="module")
def server():
    with postgres() as one:
        yield one


@pytest.fixture(scope="module")
def keys(tmp_path_factory) -> dict[str, list[str]]:
    return published_keys(tmp_path_factory.mktemp("keys"))


def test_worlds_are_the_same_there(compiled, server, keys, tmp_path):
    served, rows = Served(tmp_path / "home", server, "worlds"), 0
    for seed in SEEDS:
        folder = tmp_path / str(seed)
        folder.mkdir()
        with raw_world(compiled, build_full_world(Random(seed))) as con:
            built_tables(compiled, con)
            built = {name for name, _ in compiled.models} & keys.keys()
            for name in built:
                con.execute(f"copy main.{name} to '{folder}/{name}.parquet' (format parquet)")
        served.publish(f"world-{seed}", keys, **{name: f"select * from '{folder}/{name}.parquet'" for name in built})
        assert f"schema worlds shows world-{seed}: " in served.serve()
        assert differences(server, "worlds", served.home, tmp_path) == {}
        rows += int(served.sql("select count(*) from mart_kpi_timeseries")[0][0])
    assert len(built) > 30 and rows > 10_000


@needs_shared_data
def test_the_recorded_centre_is_the_same_there(server, tmp_path):
    home = tmp_path / "home"
    for name in ("landing", "config"):
        shutil.copytree(BANK / name, home / name)
    outcome = run_nightly(Options(home=home, as_of=json.loads((BANK / "expected_by_day.json").read_text())["as_of"]))
    assert outcome.error is None, outcome.error
    done = support_kpis("serve", "--home", home, **server.env)
    assert done.returncode == 0, done.stderr
    assert differences(server, "support_kpis", home, tmp_path) == {}
    assert int(server.sql("select count(*) from support_kpis.fct_call")[0][0]) > 20_000
