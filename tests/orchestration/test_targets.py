"""What a target's check shows beside its status."""

from base64 import b64decode
from datetime import date

import dagster as dg
import duckdb
import pytest

from orchestration.defs.checks import target_result
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


def worst(connection, row):
    return targets.as_markdown(targets.offenders(connection, row), row["unit"])


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
    lines = worst(connection, TARGET).splitlines()
    # sales: 25 of 200 are abandoned, 10 may be; a|b: 10 of 100, 5 may be; the rest keeps the target.
    assert lines[2:] == ["| queue sales | 12.5% | 15 | 200 |", "| queue a\\|b | 10.0% | 5 | 100 |"]


def test_worst_offenders_of_a_scoped_target_are_its_days(connection):
    scoped = TARGET | {"dimension": "queue", "dimension_value": "sales"}
    assert worst(connection, scoped).splitlines()[2:] == ["| day 2026-03-01 | 20.0% | 15 | 100 |"]


def test_a_rate_that_should_be_high_misses_the_other_way(connection):
    high = TARGET | {"comparator": ">=", "target": 0.04}
    assert worst(connection, high).splitlines()[2:] == ["| team fine | 1.0% | 3 | 100 |"]


def test_nothing_missed_is_said(connection):
    assert worst(connection, TARGET | {"target": 1.0}) == "none"


def test_the_sql_runs_and_finds_the_rows(connection, tmp_path):
    connection.execute(f"copy mart_kpi_timeseries to '{tmp_path}/mart_kpi_timeseries.parquet'")
    connection.execute(
        f"copy (select date '2026-03-01' as day, 'sales' as queue, true as lost) to '{tmp_path}/fct_call.parquet'"
    )
    scoped = TARGET | {"dimension": "queue", "dimension_value": "sales"}
    kpi = {"facts": "fct_call", "period": "day", "where": "lost"}
    days, facts = targets.rows_sql(scoped, kpi, tmp_path, ["fct_call"]).split("\n\n")
    assert len(connection.execute(days).fetchall()) == 2
    assert len(connection.execute(facts).fetchall()) == 1


def test_the_sql_leads_to_facts_of_a_version_yet_to_come_but_not_to_inner_tables(tmp_path):
    kpi = {"facts": "fct_call", "period": "day"}
    assert f"'{tmp_path}/new/fct_call.parquet'" in targets.rows_sql(TARGET, kpi, tmp_path / "new", ["fct_call"])
    assert "int_backlog" not in targets.rows_sql(TARGET, {"facts": "int_backlog"}, tmp_path, ["fct_call"])


def test_the_last_days_are_those_of_the_targets_scope_up_to_its_window(connection):
    sales = TARGET | {"dimension": "queue", "dimension_value": "sales"}
    assert targets.last_values(connection, sales) == [0.2, 0.05]
    assert targets.last_values(connection, sales, days=1) == [0.05]
    assert targets.last_values(connection, sales | {"window_end": date(2026, 3, 1)}) == [0.2]
    assert targets.last_values(connection, sales | {"dimension_value": "nobody"}) == []


def test_days_as_a_line_of_text():
    said = targets.as_sparks([0.5, 0.9, 0.8, 0.8], "ratio")
    assert said == "▁█▆▆ 50.0% to 80.0%, between 50.0% and 90.0%"
    assert targets.as_sparks([4.0, 4.0], "count").startswith("▁▁ 4 to 4")
    assert targets.as_sparks([], "ratio") == "none"


def test_a_description_is_of_the_newest_row_wherever_it_stands_and_says_when_it_holds():
    old = TARGET | {"target_id": "t", "window_days": 1, "source": "s"}
    old |= {"effective_from": None, "effective_to": date(2026, 6, 30)}
    new = old | {"target": 0.03, "effective_from": date(2026, 7, 1), "effective_to": None}
    kpis = {"abandonment_rate": {"name": "Abandonment rate", "unit": "ratio"}}
    said = "Abandonment rate: <= 3.0% over the day, from 2026-07-01. KPI abandonment_rate. Source: s"
    assert targets.descriptions([old, new], kpis) == targets.descriptions([new, old], kpis) == {"t": said}
    assert "<= 5.0% over the day, to 2026-06-30. KPI" in targets.descriptions([old], kpis)["t"]
    scoped = new | {"dimension": "queue", "dimension_value": "sales"}
    assert targets.descriptions([scoped], kpis)["t"].startswith("Abandonment rate, queue sales: <= 3.0%")


@pytest.mark.parametrize(("status", "passed"), [("missed", False), ("at_risk", True), ("no_data", True)])
def test_a_check_has_the_severity_of_the_scorecard_row(status, passed, tmp_path):
    found = {"target_id": "t", "status": status, "value": 0.1, "previous_value": None, "sample_size": 3}
    for severity in ("warn", "error"):
        check = target_result(TARGET | found | {"severity": severity}, [], "select 1", tmp_path, [], "/scorecard/1")
        assert (check.passed, check.severity) == (passed, dg.AssetCheckSeverity[severity.upper()])


def test_a_missed_target_says_where_most_of_it_is_and_draws_its_days(tmp_path):
    found = {"target_id": "t", "status": "missed", "value": 0.1, "previous_value": None, "sample_size": 3}
    row = TARGET | found | {"severity": "warn"}
    worst = [targets.Offender("queue sales", 0.2, 15, 100), targets.Offender("queue a", 0.1, 5, 100)]
    days = [(date(2026, 3, 1), 0.15), (date(2026, 3, 2), 0.05)]
    check = target_result(row, worst, "select 1", tmp_path, days, "/scorecard/1#target-t")
    assert check.description == "10.0%, target <= 5.0%; most of it: queue sales (20.0%)"
    assert check.metadata["value_ratio"].value == 0.1
    assert check.metadata["scorecard"].value == "/scorecard/1#target-t"
    assert check.metadata["last_30_days"].value == "█▁ 15.0% to 5.0%, between 5.0% and 15.0%"
    drawn = check.metadata["plot"].value.partition("base64,")[2].removesuffix(")")
    assert b64decode(drawn).startswith(b'<svg xmlns="http://www.w3.org/2000/svg" ')
    assert "plot" not in target_result(row, worst, "select 1", tmp_path, [], "/scorecard/1").metadata


def test_a_quote_in_a_value_stays_data(connection, tmp_path):
    connection.execute(f"copy mart_kpi_timeseries to '{tmp_path}/mart_kpi_timeseries.parquet'")
    odd = TARGET | {"dimension": "queue", "dimension_value": "x' or '1'='1"}
    assert connection.execute(targets.rows_sql(odd, {}, tmp_path, [])).fetchall() == []
