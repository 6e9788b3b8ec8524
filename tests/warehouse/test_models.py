"""The models on empty streams, and their unit tests: each rule with a number worked out by hand."""

import json

import duckdb


def test_every_model_and_unit_test_passes_on_empty_streams(built_on_nothing):
    results = json.loads((built_on_nothing.target / "run_results.json").read_bytes())["results"]
    kinds = [result["unique_id"].split(".")[0] for result in results]
    assert kinds.count("model") > 50
    assert kinds.count("unit_test") > 50
    # Exposures are there to be looked at: nothing is done for them.
    assert {result["status"] for result in results} <= {"success", "pass", "no-op"}
    assert {kind for result, kind in zip(results, kinds, strict=True) if result["status"] == "no-op"} <= {"exposure"}


def test_no_exports_give_no_kpis_but_a_full_scorecard(built_on_nothing):
    with duckdb.connect(str(built_on_nothing.settings.warehouse), read_only=True) as con:
        assert con.execute("select count(*) from mart_kpi_timeseries").fetchall()[0] == (0,)
        assert con.execute("select distinct status from mart_kpi_scorecard").fetchall() == [("no_data",)]


def test_documentation_builds(built_on_nothing):
    done = built_on_nothing("docs", "generate", "--static")
    assert done.returncode == 0, done.stdout[-2000:]
    assert (built_on_nothing.target / "static_index.html").exists()
