"""The published tables: simple types, one content one hash, a file that old and new DuckDB open."""

import duckdb
import pytest

from orchestration.lib import tables


@pytest.fixture
def publish(tmp_path):
    """Build a warehouse by SQL and copy its tables; returns the folder and what is known of each table."""

    def run(name, sql, *names, keys=None):
        warehouse = tmp_path / f"{name}.duckdb"
        with duckdb.connect(str(warehouse)) as connection:
            connection.execute(sql)
        folder = tmp_path / name
        folder.mkdir()
        with duckdb.connect() as connection:
            return folder, tables.copy_tables(warehouse, list(names), folder, connection, keys=keys or {})

    return run


def test_the_hash_does_not_depend_on_the_order_of_rows(publish):
    _, one = publish("one", "create table dim_a as select i, i::varchar as t from range(100) r(i)", "dim_a")
    sql = "create table dim_a as select i, i::varchar as t from range(100) r(i) order by i desc"
    _, other = publish("other", sql, "dim_a")
    assert one == other
    assert one["dim_a"].rows == 100


@pytest.mark.parametrize("keys", [{}, {"dim_a": ["t", "i"]}])
def test_the_same_rows_are_the_same_file_in_the_order_of_their_key(publish, keys):
    sql = "create table dim_a as select i // 10 as i, (i % 10)::varchar as t from range(100) r(i) order by hash(i + {})"
    one, _ = publish("one", sql.format(1), "dim_a", keys=keys)
    other, _ = publish("other", sql.format(2), "dim_a", keys=keys)
    files = [folder / "parquet" / "dim_a.parquet" for folder in (one, other)]
    assert files[0].read_bytes() == files[1].read_bytes()
    rows = duckdb.sql(f"from '{files[0]}'").fetchall()
    assert rows == sorted(rows, key=(lambda row: row[::-1]) if keys else None)


@pytest.mark.parametrize("change", ["i + 1", "null::bigint", "i::decimal(18,1)"])
def test_another_content_is_another_hash(publish, change):
    _, one = publish("one", "create table dim_a as select i from range(3) r(i)", "dim_a")
    _, other = publish("other", f"create table dim_a as select {change} as i from range(3) r(i)", "dim_a")
    assert one["dim_a"].hash != other["dim_a"].hash


def test_twice_the_same_row_is_not_the_same_as_none(publish):
    _, one = publish("one", "create table dim_a as select 1 as i", "dim_a")
    _, three = publish("three", "create table dim_a as select 1 as i from range(3)", "dim_a")
    assert one["dim_a"].hash != three["dim_a"].hash


def test_the_moment_of_loading_is_not_in_the_hash(publish):
    sql = "create table mart_row_accounting as select 'f' as file_name, timestamp '{}' as loaded_at"
    _, one = publish("one", sql.format("2026-01-01"), "mart_row_accounting")
    _, other = publish("other", sql.format("2026-01-02"), "mart_row_accounting")
    assert one == other


def test_odd_types_are_refused_by_name(publish):
    sql = "create table mart_a as select 1::hugeint as h, [1] as l, 'x' as v"
    with pytest.raises(tables.ColumnTypeError) as error:
        publish("one", sql, "mart_a")
    assert "mart_a.h is HUGEINT" in str(error.value)
    assert "mart_a.l is INTEGER[]" in str(error.value)
    assert "mart_a.v" not in str(error.value)


def test_the_file_is_of_storage_version_1_0_0_without_wal_and_sorted(publish):
    folder, _ = publish("one", "create table dim_a as select 9 - i as i from range(10) r(i)", "dim_a")
    header = (folder / "support_kpis.duckdb").read_bytes()[12:20]
    assert int.from_bytes(header, "little") == 64
    assert sorted(path.name for path in folder.iterdir()) == ["parquet", "support_kpis.duckdb"]
    with duckdb.connect(str(folder / "support_kpis.duckdb"), read_only=True) as connection:
        assert [i for (i,) in connection.execute("from dim_a").fetchall()] == list(range(10))


def test_the_same_content_gives_the_same_parquet(publish):
    sql = "create table dim_a as select i from range(1000) r(i) order by {}"
    one, _ = publish("one", sql.format("i"), "dim_a")
    other, _ = publish("other", sql.format("i desc"), "dim_a")
    assert (one / "parquet/dim_a.parquet").read_bytes() == (other / "parquet/dim_a.parquet").read_bytes()
