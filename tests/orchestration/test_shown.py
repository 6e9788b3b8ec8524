"""What Dagster shows of a table."""

import duckdb
import pytest

from orchestration.lib import shown


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        yield connection


def test_rows_of_tables_and_nothing_of_views_or_of_what_is_not_there(connection):
    connection.execute("create table int_calls as from range(3); create view stg_calls as from range(3)")
    assert shown.tables(connection, ["int_calls", "stg_calls", "int_gone"]) == {
        "int_calls": {"dagster/row_count": 3},
        "stg_calls": {},
        "int_gone": {},
    }
    assert shown.tables(connection, []) == {}


def test_marts_and_dimensions_have_a_preview_and_facts_do_not(connection):
    for name in ("mart_volume", "dim_date", "fct_contact"):
        connection.execute(f"create table {name} as select range as id, 'k' as customer_key from range(9)")
    told = shown.tables(connection, ["mart_volume", "dim_date", "fct_contact"])
    assert {name for name in told if "preview" in told[name]} == {"mart_volume", "dim_date"}
    lines = told["dim_date"]["preview"].md_str.splitlines()
    assert lines[:3] == ["| id | customer_key |", "| --- | --- |", "| 0 | k |"] and len(lines) == 2 + shown.ROWS


def test_a_mart_of_kpis_is_previewed_by_its_newest_days_over_everything(connection):
    connection.execute(
        """
        create table mart_volume as select * from (values
            ('contacts', 'day', date '2026-03-01', 'all', 'all', 7, 1.0, 7.123456789, 'count', 7),
            ('contacts', 'day', date '2026-03-02', 'all', 'all', 8, 1.0, 8.0, 'count', 8),
            ('contacts', 'day', date '2026-03-02', 'channel', 'email', 8, 1.0, 8.0, 'count', 8)
        ) t(kpi_id, grain, period_start, dimension, dimension_value, numerator, denominator, value, unit, sample_size)
        """
    )
    assert shown.preview(connection, "mart_volume").splitlines()[2:] == [
        "| contacts | 8 | count | day | 2026-03-02 | 8 |",
        "| contacts | 7.12346 | count | day | 2026-03-01 | 7 |",
    ]


def test_a_cell_stays_one_short_cell(connection):
    connection.execute("create table dim_odd as select 'a|b\n<i>' as x, null as y, repeat('x', 99) as z")
    (row,) = shown.preview(connection, "dim_odd").splitlines()[2:]
    assert row == f"| a\\|b &lt;i> |  | {'x' * (shown.WIDTH - 1)}… |"
