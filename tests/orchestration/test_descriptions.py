"""dbt's texts as comments of what is published: all of them, once, and in versions that are added to."""

from dataclasses import asdict

import duckdb
import pytest

from orchestration.lib import additions, tables
from orchestration.lib.descriptions import TABLE, comment, descriptions_of

TEXTS = {("dim_a", TABLE): "One row per i.", ("dim_a", "i"): "It's a number.", ("dim_gone", "i"): "Not there."}


@pytest.fixture
def publish(tmp_path):
    """Publish dim_a with these texts, on top of an earlier call's version."""

    def run(name, texts, before=None):
        warehouse, version = tmp_path / f"{name}.duckdb", tmp_path / name
        with duckdb.connect(str(warehouse)) as connection:
            connection.execute("create table dim_a as select i, i % 7 as j from range(1000) r(i)")
        version.mkdir()
        with duckdb.connect() as connection:
            facts = tables.copy_tables(warehouse, ["dim_a"], version, connection, before, texts)
        return additions.Before(version, {table: asdict(fact) for table, fact in facts.items()})

    return run


def said(version):
    with duckdb.connect(str(version.folder / "support_kpis.duckdb"), read_only=True) as connection:
        of_columns = connection.execute("select column_name, comment from duckdb_columns() where not internal")
        found = dict(of_columns.fetchall())
        return found | dict(connection.execute(f"select '{TABLE}', comment from duckdb_tables()").fetchall())


def test_texts_become_comments(publish):
    assert said(publish("one", TEXTS)) == {TABLE: "One row per i.", "i": "It's a number.", "j": None}


def test_a_version_that_is_added_to_keeps_them_and_takes_new_ones(publish):
    first = publish("first", TEXTS)
    assert said(publish("second", TEXTS, first)) == said(first)
    assert said(publish("third", TEXTS | {("dim_a", "j"): "Rest."}, first)) == said(first) | {"j": "Rest."}


def test_what_says_so_already_is_not_written_again(publish):
    path = publish("one", TEXTS).folder / "support_kpis.duckdb"
    before = path.read_bytes()
    with duckdb.connect() as connection:
        connection.execute(f"attach '{path}' as published")
        comment(connection, TEXTS)
        connection.execute("detach published")
    assert path.read_bytes() == before


def test_texts_are_those_of_the_models_asked_for():
    columns = {"i": {"description": "A number."}}
    node = {"resource_type": "model", "description": "One row per i.", "columns": columns}
    nodes = {"a": node | {"name": "dim_a"}, "b": node | {"name": "int_b"}, "t": {"resource_type": "test", "name": "t"}}
    found = descriptions_of({"nodes": nodes}, ["dim_a"])
    assert found == {("dim_a", TABLE): "One row per i.", ("dim_a", "i"): "A number."}
