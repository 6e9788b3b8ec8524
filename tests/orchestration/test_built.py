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


def build(connection, models, as_of):
    built.forget(connection, models)
    built.record(connection, models, as_of, "run")


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
