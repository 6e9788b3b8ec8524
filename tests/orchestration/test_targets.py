"""What a target's check shows beside its status."""

from datetime import date

import duckdb
import pytest

from orchestration.lib import targets

TARGET = {
    "kpi_id": "abandonment_rate",
    "unit": "ratio",
    "dimension": "all",
    "dimension_value": "all",
    "comparator": "<=",
    "target": 0.05,
    "window_start": date(2026, 3, 1),
    "window_end": date(2026, 3, 2),
}


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        connection.execute(
            """
            create table mart_kpi_timeseries as
            select 'abandonment_rate' as kpi_id, * from (values
                ('day', date '2026-03-01', 'all', 'all', 30, 200),
                ('day', date '2026-03-01', 'queue', 'sales', 20, 100),
                ('day', date '2026-03-02', 'queue', 'sales', 5, 100),
                ('day', date '2026-03-01', 'queue', 'a|b', 10, 100),
                ('day', date '2026-03-01', 'team', 'fine', 1, 100),
                ('day', date '2026-02-28', 'queue', 'before', 90, 100),
                ('week', date '2026-03-02', 'queue', 'weekly', 90, 100)
            ) t(grain, period_start, dimension, dimension_value, numerator, denominator)
            """
        )
        connection.execute(
            "alter table mart_kpi_timeseries add column sample_size bigint; alter table mart_kpi_timeseries add column"
            " value double; update mart_kpi_timeseries set sample_size = denominator, value = numerator / denominator"
        )
        yield connection


def test_worst_offenders_of_an_overall_target_are_cells_by_what_they_miss(connection):
    lines = targets.worst_offenders(connection, TARGET).splitlines()
    # sales: 25 of 200 are abandoned, 10 may be; a|b: 10 of 100, 5 may be; the rest keeps the target.
    assert lines[2:] == ["| queue sales | 12.5% | 15 | 200 |", "| queue a\\|b | 10.0% | 5 | 100 |"]


def test_worst_offenders_of_a_scoped_target_are_its_days(connection):
    scoped = TARGET | {"dimension": "queue", "dimension_value": "sales"}
    assert targets.worst_offenders(connection, scoped).splitlines()[2:] == ["| day 2026-03-01 | 20.0% | 15 | 100 |"]


def test_a_rate_that_should_be_high_misses_the_other_way(connection):
    high = TARGET | {"comparator": ">=", "target": 0.04}
    assert targets.worst_offenders(connection, high).splitlines()[2:] == ["| team fine | 1.0% | 3 | 100 |"]


def test_nothing_missed_is_said(connection):
    assert targets.worst_offenders(connection, TARGET | {"target": 1.0}) == "none"


def test_the_sql_runs_and_finds_the_rows(connection, tmp_path):
    connection.execute(f"copy mart_kpi_timeseries to '{tmp_path}/mart_kpi_timeseries.parquet'")
    connection.execute(
        f"copy (select date '2026-03-01' as day, 'sales' as queue, true as lost) to '{tmp_path}/fct_call.parquet'"
    )
    scoped = TARGET | {"dimension": "queue", "dimension_value": "sales"}
    kpi = {"facts": "fct_call", "period": "day", "where": "lost"}
    days, facts = targets.rows_sql(scoped, kpi, tmp_path).split("\n\n")
    assert len(connection.execute(days).fetchall()) == 2
    assert len(connection.execute(facts).fetchall()) == 1


def test_a_quote_in_a_value_stays_data(connection, tmp_path):
    connection.execute(f"copy mart_kpi_timeseries to '{tmp_path}/mart_kpi_timeseries.parquet'")
    odd = TARGET | {"dimension": "queue", "dimension_value": "x' or '1'='1"}
    assert connection.execute(targets.rows_sql(odd, {}, tmp_path)).fetchall() == []
