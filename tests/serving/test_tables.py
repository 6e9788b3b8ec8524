"""What needs no server: types, statements, rows as COPY reads them, and what errors may show of a URL."""

import duckdb
import pytest

from ingestion.errors import ConfigError
from ingestion.settings import Settings
from orchestration.lib.dbt import keys_of
from orchestration.lib.descriptions import TABLE
from orchestration.serving.place import NAME, Place, checked_url, place_of
from orchestration.serving.tables import (
    Table,
    alter_statement,
    as_csv,
    comment_statements,
    create_statement,
    rows_of,
    tables_of,
    type_of,
)

COLUMNS = {"id": "text", "n": "bigint", "share": "numeric(38,6)"}
FCT = Table("fct_a", 2, COLUMNS, ("id",), {TABLE: "One row per id.", "n": "It's 100 %."}, "h")


def test_every_simple_type_has_one_there():
    kinds = "BOOLEAN TINYINT SMALLINT INTEGER BIGINT FLOAT DOUBLE DECIMAL(38,6) DECIMAL(18,0) VARCHAR DATE TIMESTAMP"
    assert [type_of(kind) for kind in kinds.split()] == [
        "boolean", "smallint", "smallint", "integer", "bigint", "real", "double precision", "numeric(38,6)",
        "numeric(18,0)", "text", "date", "timestamp without time zone",
    ]  # fmt: skip


def test_a_table_is_made_and_follows_its_columns():
    assert create_statement("s", "fct_a", COLUMNS) == (
        'create table "s"."fct_a" ("id" text, "n" bigint, "share" numeric(38,6))'
    )
    assert alter_statement("s", FCT, COLUMNS) is None
    assert alter_statement("s", FCT, {"id": "text", "n": "text", "old": "date"}) == (
        'alter table "s"."fct_a" drop column "n", drop column "old", add column "n" bigint,'
        ' add column "share" numeric(38,6)'
    )


def test_only_comments_that_differ_are_written():
    assert list(comment_statements("s", FCT, FCT.comments)) == []
    assert list(comment_statements("s", FCT, {TABLE: "One row per id.", "n": "A number.", "share": "Gone."})) == [
        """comment on column "s"."fct_a"."n" is 'It''s 100 %.'""", 'comment on column "s"."fct_a"."share" is null',
    ]  # fmt: skip


@pytest.fixture
def published():
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as published")
        yield connection


def test_rows_keep_null_and_empty_text_apart(published):
    published.execute(
        "create table published.fct_a as select * from (values ('', null, 0.5::decimal(38,6)),"
        " (null, -9223372036854775808, null), ('a\"b,' || chr(10) || chr(0) || '\\.', 1, 1)) rows(id, n, share)"
    )
    assert b"".join(as_csv(published, rows_of("published", FCT))).decode() == (
        '"",,0.500000\n,-9223372036854775808,\n"a""b,\n\ufffd\\.",1,1.000000\n'
    )


def test_a_table_is_read_with_key_and_comments_and_without_a_key_too_long_for_an_index(published):
    published.execute("create table published.fct_a (id varchar, n bigint)")
    published.execute("comment on column published.fct_a.n is 'A number.'")
    manifest = {"tables": {"fct_a": {"rows": 1, "hash": "h"}}, "keys": {"fct_a": ["id"]}}
    published.execute("insert into published.fct_a values ('é', 1)")
    (found,) = tables_of(published, "published", manifest, set())
    assert found == Table("fct_a", 1, {"id": "text", "n": "bigint"}, ("id",), {"n": "A number."}, "h")
    published.execute("insert into published.fct_a values (repeat('é', 1001), 1)")
    (found,) = tables_of(published, "published", manifest, {"fct_a"})
    assert (found.key, found.hash) == ((), None)


def test_keys_are_those_of_the_tests_of_the_models():
    test = {"resource_type": "test", "attached_node": "m", "test_metadata": {"name": "unique_combination",
            "kwargs": {"columns": ["a", "b"]}}}  # fmt: skip
    other = {"resource_type": "test", "attached_node": "m", "test_metadata": {"name": "not_null", "kwargs": {}}}
    nodes = {"m": {"resource_type": "model", "name": "fct_a"}, "t": test, "o": other, "s": {"resource_type": "test"}}
    assert keys_of({"nodes": nodes}, ["fct_a"]) == {"fct_a": ["a", "b"]}
    assert keys_of({"nodes": nodes}, ["fct_b"]) == {}


@pytest.mark.parametrize(
    "url",
    [
        "mysql://kpis:hunter2@db/bi", "kpis:hunter2@db/bi", "postgresql://kpis:hunter2@x@db/bi", "postgresql:hunter2",
        "postgresql://kpis:hunt/er2@db/bi", "postgresql://kpis:hunter2#x@db/bi", "postgresql://kpis:hunt?er2@db/bi",
        "postgresql://kpis:hunter2%zz@db/bi", "postgresql://kpis:hunter2 @db/bi", "postgresql://[hunter2/bi",
        "postgresql://kpis:hunter2%00@db/bi",
    ],
)  # fmt: skip
def test_a_wrong_url_is_told_without_it(url):
    with pytest.raises(
        ConfigError, match=f"{NAME} is no URL of a PostgreSQL server; write it as postgresql://"
    ) as said:
        checked_url(url)
    assert not any(part in str(said.value) for part in ("hunt", "er2"))


@pytest.mark.parametrize("url", ["postgres://db/bi", "postgresql://kpis:a%40b@db1:5432,db2:5433/bi?sslmode=require",
                                 "postgresql:///bi?host=/run/postgresql"])  # fmt: skip
def test_urls_that_libpq_knows_are_taken(url):
    assert checked_url(url) == url


def test_an_error_is_one_line_without_a_secret():
    place = Place("postgresql://kpis:a%40b@db/bi?sslpassword=geheim", "s")
    assert place.told(OSError("no\n a@b, a%40b,\tgeheim")) == "no ***, ***, ***"
    assert place.told(OSError()) == "OSError"
    assert "a%40b" not in repr(place)
    error = OSError("whole row: kim@example.org")
    error.diag = type("Diagnosis", (), {"message_primary": "duplicate key"})()
    assert place.told(error) == "duplicate key"


def test_without_a_url_there_is_no_place(tmp_path):
    settings = Settings(home=tmp_path, landing_url=str(tmp_path / "landing"))
    assert place_of(settings, configuration=None) is None
