"""Whether the marts belong together, after full, partial and failed builds."""

from datetime import UTC, datetime

import duckdb
import pytest

from orchestration.lib import built

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
