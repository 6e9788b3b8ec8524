"""Ten generated worlds on Spark: every row of every published table is DuckDB's."""

from random import Random

import pytest

from tests.helpers import published_keys
from tests.spark.sessions import differences, needs_spark, spark_table
from tests.worlds.building import build_full_world
from tests.worlds.engine import built_tables, raw_world

pytestmark = [pytest.mark.long, needs_spark]
SEEDS = range(10)


@pytest.fixture(scope="module")
def keys(tmp_path_factory) -> dict[str, list[str]]:
    return published_keys(tmp_path_factory.mktemp("keys"))


@pytest.mark.parametrize("seed", SEEDS)
def test_every_row_is_the_same_there(compiled, session, place, keys, seed):
    from orchestration.spark.build import call_dbt
    from orchestration.spark.sources import copied_tables

    schema = f"world_{seed}"
    session.sql(f"create schema {schema}")
    with raw_world(compiled, build_full_world(Random(seed))) as con:
        copied_tables(session, schema, place / "sources" / schema, con, ["raw", "control"])
        built_tables(compiled, con)
        built = {name: keys[name] for name, _ in compiled.models if name in keys}
        call_dbt(place, schema, ["run", "--select", *(f"+{name}" for name in built)])
        ours = {name: f"main.{name}" for name in built}
        theirs = {name: spark_table(place, schema, name) for name in built}
        assert differences(con, ours, theirs, built) == {}
        assert len(built) > 30 and con.sql("select count(*) from main.mart_kpi_timeseries").fetchall()[0][0] > 100
    session.sql(f"drop schema {schema} cascade")
