"""Whether the marts belong together, after full, partial and failed builds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import duckdb
import pytest

from ingestion.warehouse import Prepared
from orchestration.lib import built, dbt

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
TUESDAY = datetime(2026, 3, 3, tzinfo=UTC)


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        yield connection


def build(connection, models, as_of, run_id="run", inputs="x"):
    built.forget(connection, models)
    built.record(connection, models, as_of, run_id, inputs)


def test_one_build_is_one_instant(connection):
    build(connection, ["a", "b"], MONDAY)
    assert built.common_as_of(connection, ["a", "b"]) == MONDAY.replace(tzinfo=None)


def test_a_partial_build_stands_apart(connection):
    build(connection, ["a", "b"], MONDAY)
    build(connection, ["a"], TUESDAY)
    with pytest.raises(built.BuiltApartError, match="b"):
        built.common_as_of(connection, ["a", "b"])


def test_a_failed_build_leaves_no_instant(connection):
    build(connection, ["a", "b"], MONDAY)
    built.forget(connection, ["b"])
    with pytest.raises(built.BuiltApartError, match="b"):
        built.common_as_of(connection, ["a", "b"])


def test_nothing_built_yet(connection):
    with pytest.raises(built.BuiltApartError, match="a, b"):
        built.common_as_of(connection, ["a", "b"])


def test_what_was_built_from_the_same_inputs_need_not_be_built(connection):
    assert built.run_of(connection, ["a", "b"], "x") is None
    build(connection, ["a", "b"], MONDAY, "first")
    assert built.run_of(connection, ["a", "b"], "x") == "first"
    assert built.run_of(connection, ["a", "b"], "y") is None
    assert built.common_inputs(connection, ["a", "b"]) == "x"


def test_a_failed_or_partial_build_in_between_must_be_mended_by_a_whole_one(connection):
    build(connection, ["a", "b"], MONDAY, "first")
    built.forget(connection, ["b"])
    assert built.run_of(connection, ["a", "b"], "x") is built.common_inputs(connection, ["a", "b"]) is None
    build(connection, ["b"], MONDAY, "second", None)
    assert built.run_of(connection, ["a", "b"], "x") is built.common_inputs(connection, ["a", "b"]) is None


PREPARED = Prepared(MONDAY, {"cfg_targets": "x"}, {"generic/calls": {"a.parquet": 1}})


def test_the_next_build_may_add_to_the_last_one_of_the_same_code(connection):
    connection.execute("create schema control; create table control.news as select now() as seen_as_of")
    assert built.last(connection, "code") is None
    build(connection, ["a"], MONDAY)
    built.remember(connection, PREPARED, "code")
    assert built.last(connection, "code") == PREPARED
    assert built.last(connection, "other code") is None
    # dbt called by hand adds to nothing.
    assert connection.execute("select seen_as_of from control.news").fetchall() == [(None,)]
    built.forget(connection, ["a"])
    assert built.last(connection, "code") is None


@pytest.mark.parametrize(
    ("other", "has_news", "changed"),
    [
        ({}, False, ()),
        ({"as_of": TUESDAY}, True, ()),
        ({"files": {"generic/calls": {"a.parquet": 1, "b.parquet": 2}}}, True, ()),
        ({"control": {"cfg_targets": "y"}}, False, ("cfg_targets",)),
        ({"control": {"cfg_targets": "x", "cfg_new": "z"}, "as_of": TUESDAY}, True, ("cfg_new",)),
    ],
)
def test_what_may_differ_of_tables_that_are_added_to(other, has_news, changed):
    found = replace(PREPARED, **other).since(PREPARED)
    assert (found.adds_since, found.has_news, found.changed) == (MONDAY, has_news, changed)


@pytest.mark.parametrize(
    "other",
    [
        {"as_of": MONDAY - timedelta(seconds=1)},
        {"files": {"generic/calls": {}}},
        {"files": {"generic/calls": {"a.parquet": 2}}},
    ],
)
def test_time_that_went_back_and_files_that_are_gone_are_no_addition(other):
    found = replace(PREPARED, **other)
    assert found.since(PREPARED) is found


def test_two_nights_of_one_world_have_one_fingerprint():
    assert replace(PREPARED, adds_since=MONDAY, has_news=False).fingerprint == PREPARED.fingerprint
    in_cairo = replace(PREPARED, as_of=MONDAY.astimezone(timezone(timedelta(hours=2))))
    assert in_cairo.fingerprint == PREPARED.fingerprint
    for other in ({"as_of": TUESDAY}, {"control": {}}, {"files": {}}):
        assert replace(PREPARED, **other).fingerprint != PREPARED.fingerprint


def test_models_that_depend_on_a_changed_control_table_are_built_whole(connection):
    manifest = {
        "nodes": {
            "model.p.a": {"name": "a", "resource_type": "model"},
            "model.p.b": {"name": "b", "resource_type": "model"},
            "model.p.other": {"name": "other", "resource_type": "model"},
            "test.p.t": {"name": "t", "resource_type": "test"},
        },
        "sources": {
            name: {"unique_id": name, "schema": schema, "name": "cfg_targets"}
            for name, schema in (("source.p.control.cfg_targets", "control"), ("source.p.raw.cfg_targets", "raw"))
        },
        "child_map": {
            "source.p.control.cfg_targets": ["model.p.a"],
            "source.p.raw.cfg_targets": ["model.p.other"],
            "model.p.a": ["model.p.b", "test.p.t"],
            "model.p.b": [],
            "model.p.other": [],
            "test.p.t": [],
        },
    }
    assert dbt.models_after(manifest, ["cfg_targets"]) == ["a", "b"]
    assert dbt.models_after(manifest, []) == []
    connection.execute("create schema control; create table control.news (seen_as_of timestamp, whole varchar[])")
    connection.execute("insert into control.news values (null, [])")
    built.tell_whole(connection, ["a", "b"])
    assert connection.execute("select whole from control.news").fetchall() == [(["a", "b"],)]
