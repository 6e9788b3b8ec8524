"""Tables and views made anew, through dbt on a project of one model: what stood stays until the new one is there."""

import shutil

import duckdb
import pytest
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner

from orchestration.lib.dbt import PROJECT

PROFILE = "one:\n  target: duckdb\n  outputs:\n    duckdb: {type: duckdb, path: file.duckdb, threads: 1}\n"


@pytest.fixture
def made(tmp_path, monkeypatch):
    """Runs the model with this SQL; gives what it then is, "table" or "view", and its only value."""
    monkeypatch.chdir(tmp_path)
    for folder in ("models", "macros"):
        (tmp_path / folder).mkdir()
    shutil.copy(PROJECT / "macros" / "materializations.sql", tmp_path / "macros")
    (tmp_path / "dbt_project.yml").write_text("{name: one, version: '1.0', profile: one, config-version: 2}\n")
    (tmp_path / "profiles.yml").write_text(PROFILE)

    def run(materialized: str, value: str, hook: str = "select 1"):
        config = f"{{{{ config(materialized='{materialized}', post_hook=\"{hook}\") }}}}"
        (tmp_path / "models" / "told.sql").write_text(f"{config} select {value} as value")
        try:
            done = dbtRunner().invoke(["--quiet", "--no-version-check", "run"]).success
        finally:
            DuckDBConnectionManager.close_all_connections()
        with duckdb.connect("file.duckdb") as con:
            (kind,) = con.execute("select table_type from information_schema.tables").fetchone()
            return done, kind, con.execute("from told").fetchone()[0]

    return run


def test_a_table_and_a_view_take_each_other_s_place(made):
    assert made("view", "1") == (True, "VIEW", 1)
    assert made("table", "2") == (True, "BASE TABLE", 2)
    assert made("table", "3") == (True, "BASE TABLE", 3)
    assert made("view", "4") == (True, "VIEW", 4)


@pytest.mark.parametrize(("value", "hook"), [("error('no')", "select 1"), ("2", "select error('no')")])
def test_what_fails_leaves_what_stood(made, value, hook):
    assert made("table", "1") == (True, "BASE TABLE", 1)
    assert made("table", value, hook) == (False, "BASE TABLE", 1)
    assert made("view", "3") == (True, "VIEW", 3)
