"""How README tells BI tools to connect: it reads what is published, and nothing else on the machine.

The sandbox is DuckDB's; here stands that the three settings together close it. Not here: what is published.
"""

import shutil

import duckdb
import pytest

RECIPE = {"enable_external_access": "false", "lock_configuration": "true"}


@pytest.fixture(scope="module")
def bi(first_night):
    path = first_night.current / "support_kpis.duckdb"
    with duckdb.connect(str(path), read_only=True, config=RECIPE) as connection:
        yield connection


def test_it_reads_the_published_tables(bi):
    assert bi.execute("select count(*) from mart_kpi_timeseries").fetchall()[0][0] > 0
    assert bi.execute("select sum(numerator) / sum(denominator) from mart_kpi_timeseries").fetchall()[0][0] is not None


@pytest.mark.parametrize(
    "statement",
    [
        "select * from read_text('/etc/passwd')",
        "select * from read_csv('{secret}')",
        "select * from '{secret}'",
        "select * from read_parquet('{home}/published/current/parquet/dim_kpi.parquet')",
        "select * from glob('{home}/*')",
        "copy (select 1) to '{home}/stolen.csv'",
        "copy dim_kpi to '{home}/stolen.parquet' (format parquet)",
        "export database '{home}/stolen'",
        "attach '{home}/stolen.duckdb'",
        "attach '{home}/warehouse/warehouse.duckdb' as working (read_only)",
        "install httpfs",
        "load httpfs",
        "load '{home}/anything.duckdb_extension'",
        "create table mine as select 1",
        "delete from dim_kpi",
        "set enable_external_access = true",
        "set lock_configuration = false",
        "set memory_limit = '1TB'",
        "reset enable_external_access",
        "set temp_directory = '{home}'",
    ],
)
def test_it_refuses_everything_else(bi, tmp_path, first_night, statement):
    secret = tmp_path / "secret.csv"
    secret.write_text("word\nswordfish\n")
    with pytest.raises(duckdb.Error) as refused:
        bi.execute(statement.format(secret=secret, home=first_night.home)).fetchall()
    assert "swordfish" not in str(refused.value)
    assert not list(first_night.home.glob("stolen*"))


def test_the_settings_are_given_on_opening_as_a_second_connection_could_not_repeat_them(bi, first_night):
    """Why no recipe sets them by SQL: a pool sends that on every connection, and the first has locked them for all."""
    path = str(first_night.current / "support_kpis.duckdb")
    with duckdb.connect(path, read_only=True, config=RECIPE) as second:
        with pytest.raises(duckdb.Error, match="locked"):
            second.execute("set enable_external_access = false")
        with pytest.raises(duckdb.Error, match="disabled by configuration"):
            second.execute("select * from read_text('/etc/passwd')")


def test_without_the_recipe_a_reader_sees_the_whole_machine(first_night, tmp_path):
    """Why the recipe is there: read_only alone protects the file and nothing else."""
    (tmp_path / "secret.csv").write_text("word\nswordfish\n")
    path = shutil.copy(first_night.current / "support_kpis.duckdb", tmp_path)  # DuckDB: one configuration per file
    with duckdb.connect(str(path), read_only=True) as connection:
        assert connection.execute(f"select word from '{tmp_path}/secret.csv'").fetchall() == [("swordfish",)]
