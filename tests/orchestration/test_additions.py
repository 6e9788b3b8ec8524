"""A version that adds to the one before holds what one written whole would hold, and nothing is written twice."""

from dataclasses import asdict

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.lib import additions, tables

ROWS = "create table fct_a as select i, i::varchar as t from range(1000) r(i)"


@pytest.fixture(autouse=True)
def small_tables_too(monkeypatch):
    monkeypatch.setattr(additions, "FEWEST_ROWS", 0)


@pytest.fixture
def publish(tmp_path):
    return lambda name, sql, before=None, names=("fct_a",): published(tmp_path, name, sql, before, names)


def published(folder, name, sql, before, names):
    """Build a warehouse by SQL and publish it on top of an earlier call's version."""
    warehouse, version = folder / f"{name}.duckdb", folder / name
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(sql)
    version.mkdir()
    with duckdb.connect() as connection:
        facts = tables.copy_tables(warehouse, list(names), version, connection, before)
    return additions.Before(version, {table: asdict(fact) for table, fact in facts.items()})


def content(version, table="fct_a"):
    with duckdb.connect(str(version.folder / "support_kpis.duckdb"), read_only=True) as connection:
        rows = sorted(connection.execute(f"from {table}").fetchall())
    with duckdb.connect() as connection:
        parquet = connection.execute(f"from '{version.folder}/parquet/{table}.parquet'").fetchall()
    assert sorted(parquet) == rows
    return rows


def is_sorted(version):
    """As a table is that was written whole."""
    with duckdb.connect(str(version.folder / "support_kpis.duckdb"), read_only=True) as connection:
        rows = connection.execute("from fct_a").fetchall()
    return rows == sorted(rows)


CHANGE = (
    "; update fct_a set t = 'other' where i < 10; delete from fct_a where i = 500; insert into fct_a values (-1, '')"
)


def test_rows_that_differ_are_replaced(publish):
    first = publish("first", ROWS)
    second = publish("second", ROWS + CHANGE, first)
    whole = publish("whole", ROWS + CHANGE)
    assert second.tables == whole.tables
    assert content(second) == content(whole)
    assert (is_sorted(first), is_sorted(second), is_sorted(whole)) == (True, False, True)
    assert len(content(first)) == 1000, "the version before is as it was"


def test_a_table_that_is_the_same_is_the_same_file(publish):
    first = publish("first", ROWS)
    second = publish("second", ROWS + "; create table dim_b as select 1 as i", first, ("fct_a", "dim_b"))
    same = [(version.folder / "parquet/fct_a.parquet").stat().st_ino for version in (first, second)]
    assert same[0] == same[1]
    assert content(second, "dim_b") == [(1,)]


def test_a_row_that_stands_twice_is_no_row_that_stands_once(publish):
    first = publish("first", ROWS)
    second = publish("second", ROWS + "; insert into fct_a values (1, '1')", first)
    assert len(content(second)) == 1001
    third = publish("third", ROWS, second)
    assert third.tables == first.tables
    assert len(content(third)) == 1000


@pytest.mark.parametrize(
    "sql",
    [
        "create table fct_a as select i::double as i, i::varchar as t from range(1000) r(i)",
        "create table fct_a as select i::varchar as t, i from range(1000) r(i)",
        "create table fct_a as select i, i::varchar as t, 1 as more from range(1000) r(i)",
        "create table fct_a as select i, 'other' as t from range(1000) r(i)",
    ],
)
def test_other_columns_and_many_changes_are_written_whole(publish, sql):
    second = publish("second", sql, publish("first", ROWS))
    assert second.tables == publish("whole", sql).tables
    assert content(second) == content(publish("again", sql))
    assert is_sorted(second)


def test_a_table_of_which_much_changes_every_night_does_not_grow_for_ever(publish):
    rows = "create table fct_a as select i, md5(i::varchar) as t from range(300_000) r(i)"
    version, sizes = publish("0", rows), []
    for night in range(1, 6):
        changed = f"; update fct_a set t = 'night {night}' where hash(i, {night}) % 10 = 0"
        version = publish(str(night), rows + changed, version)
        sizes.append((version.folder / "support_kpis.duckdb").stat().st_size)
    assert len(content(version)) == 300_000
    assert max(sizes) < 2.5 * (publish("whole", rows).folder / "support_kpis.duckdb").stat().st_size


def test_a_table_that_is_published_no_more_goes(publish):
    first = publish("first", ROWS + "; create table dim_b as select 1 as i", None, ("fct_a", "dim_b"))
    second = publish("second", ROWS, first)
    with duckdb.connect(str(second.folder / "support_kpis.duckdb"), read_only=True) as connection:
        assert connection.execute("select table_name from duckdb_tables()").fetchall() == [("fct_a",)]
    assert [path.name for path in (second.folder / "parquet").iterdir()] == ["fct_a.parquet"]


@pytest.mark.parametrize("change", ["", CHANGE])
def test_a_version_whose_file_is_not_what_its_manifest_says_is_not_added_to(publish, change):
    first = publish("first", ROWS)
    with duckdb.connect(str(first.folder / "support_kpis.duckdb")) as connection:
        connection.execute("insert into fct_a select 7, '7' from range(3)")
    second = publish("second", ROWS + change, first)
    assert content(second) == content(publish("whole", ROWS + change))


def test_the_moment_of_loading_is_that_of_the_night(publish):
    sql = "create table mart_row_accounting as select 'f' as file_name, timestamp '2026-01-0{}' as loaded_at"
    first = publish("first", sql.format(1), None, ["mart_row_accounting"])
    second = publish("second", sql.format(2), first, ["mart_row_accounting"])
    assert content(second, "mart_row_accounting")[0][1].day == 2


def test_only_what_this_warehouse_and_this_duckdb_made_is_added_to(tmp_path):
    (tmp_path / "versions/one").mkdir(parents=True)
    (tmp_path / "current").symlink_to("versions/one")
    manifest = {"warehouse": "w", "duckdb": duckdb.__version__, "tables": {"fct_a": {}}}
    assert additions.version_before(tmp_path, manifest, "w").folder == tmp_path / "versions/one"
    assert additions.version_before(tmp_path, manifest, "another") is None
    assert additions.version_before(tmp_path, manifest | {"duckdb": "0.9"}, "w") is None
    assert additions.version_before(tmp_path, {"tables": {}}, None) is None
    assert additions.version_before(tmp_path, {}, "w") is None


CELLS = st.one_of(st.none(), st.integers(0, 3))
NIGHTS = st.lists(st.lists(st.tuples(CELLS, CELLS), max_size=12), min_size=2, max_size=4)


@settings(max_examples=25, deadline=None)
@given(NIGHTS)
def test_whatever_the_nights_bring_the_rows_are_theirs(tmp_path_factory, nights):
    folder, before = tmp_path_factory.mktemp("nights"), None
    for number, rows in enumerate(nights):
        values = "".join(f"; insert into fct_a values ({cells(row)})" for row in rows)
        before = published(folder, str(number), "create table fct_a (a bigint, b varchar)" + values, before, ["fct_a"])
        with duckdb.connect(str(before.folder / "support_kpis.duckdb"), read_only=True) as connection:
            found = connection.execute("from fct_a").fetchall()
        wanted = [(a, None if b is None else str(b)) for a, b in rows]
        assert sorted(map(str, found)) == sorted(map(str, wanted))


def cells(row):
    return ", ".join("null" if value is None else str(value) for value in row)
