"""The nightly job through Dagster on exports of every adapter: once, again, and when something is wrong."""

import json
import runpy
import sys

import dagster as dg
import duckdb
import pytest

from ingestion.settings import SHIPPED_CONFIG
from orchestration.cli import exit_code
from orchestration.lib import additions, versions
from orchestration.lib.docs import PAGE
from orchestration.lib.job import Options, run_nightly
from tests.conftest import AS_OF
from tests.helpers import SHARED, table_hashes

CHECKER = SHARED / "check_contract.py"


def published(home):
    return (home / "published" / "current").resolve().name


def test_every_source_was_read_and_every_row_accounted_for(first_night):
    result = first_night.result
    assert result["published"] and result["error"] is None and result["checks_failed"] == 0
    assert result["rows_read"] == result["rows_loaded"] + result["rows_duplicate"] + result["rows_rejected"] > 0
    with duckdb.connect(str(first_night.current / "support_kpis.duckdb"), read_only=True) as connection:
        sources = set(connection.execute("select distinct source from mart_row_accounting").fetchall())
        facts = set(connection.execute("select distinct source from fct_contact").fetchall())
    landed = {(folder.name,) for folder in (first_night.home / "landing").iterdir()}
    assert sources == facts == landed >= {("zendesk",), ("asterisk",), ("amazon_connect",), ("generic",)}


@pytest.mark.skipif(not CHECKER.exists(), reason="the checker stands beside its authors' checkout only")
def test_the_published_version_keeps_the_contract(first_night, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", [str(CHECKER), str(first_night.home)])
    with pytest.raises(SystemExit) as end:
        runpy.run_path(str(CHECKER), run_name="__main__")
    assert end.value.code == 0, capsys.readouterr().out


def test_the_manifest_names_what_made_the_version(first_night):
    manifest = json.loads((first_night.current / "manifest.json").read_text())
    assert manifest["run_id"] == first_night.result["run_id"] == published(first_night.home)
    assert manifest["as_of"] == "2026-03-02T00:00:00Z"
    assert manifest.keys() >= {"code", "settings", "duckdb", "dbt", "tables"}


def test_the_page_has_a_row_for_each_target_in_force(first_night):
    page = (first_night.current / "scorecard.html").read_text()
    with duckdb.connect(str(first_night.current / "support_kpis.duckdb"), read_only=True) as connection:
        targets = [name for (name,) in connection.execute("select target_id from mart_kpi_scorecard").fetchall()]
    assert targets
    assert all(f'data-target-id="{name}"' in page for name in targets)
    assert page.count("data-target-id") == len(targets)


def test_the_run_stands_in_dagster_with_a_check_for_each_target(first_night):
    with dg.DagsterInstance.from_config(str(first_night.home / "dagster")) as instance:
        run = instance.get_run_by_id(first_night.result["run_id"])
        events = instance.all_logs(run.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
    assert run.job_name == "nightly" and run.is_success
    evaluations = [event.dagster_event.event_specific_data for event in events]
    checks = {evaluation.check_name: evaluation for evaluation in evaluations}
    metadata = checks["service_level_80_20"].metadata
    assert {"value", "target", "window", "status", "previous_value", "worst_offenders", "rows"} <= metadata.keys()
    with duckdb.connect(str(first_night.current / "support_kpis.duckdb"), read_only=True) as connection:
        missed = connection.execute("select count(*) from mart_kpi_scorecard where status = 'missed'").fetchall()
    assert [(first_night.result["targets_missed"],)] == missed


def test_a_stream_has_its_checks_once_it_has_landed(first_night):
    with dg.DagsterInstance.from_config(str(first_night.home / "dagster")) as instance:
        events = instance.all_logs(first_night.result["run_id"], of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
    evaluations = [event.dagster_event.event_specific_data for event in events]
    checked = {tuple(one.asset_key.path[1:]) for one in evaluations if one.asset_key.path[0] == "raw"}
    landing = first_night.home / "landing"
    assert checked == {folder.relative_to(landing).parts for folder in landing.glob("*/*")} | {("generic", "tickets")}


def test_a_check_leads_to_the_rows_of_its_own_night(first_night):
    with dg.DagsterInstance.from_config(str(first_night.home / "dagster")) as instance:
        run_id = first_night.result["run_id"]
        events = instance.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
    evaluations = [event.dagster_event.event_specific_data for event in events]
    [check] = [one for one in evaluations if one.check_name == "service_level_80_20"]
    parquet = first_night.home / "published" / "versions" / run_id / "parquet"
    assert check.metadata["rows_file"].value == str(parquet / "mart_kpi_timeseries.parquet")
    days, facts = check.metadata["rows"].value.removeprefix("```sql\n").removesuffix("\n```").split("\n\n")
    assert str(parquet / "fct_call.parquet") in facts
    with duckdb.connect() as connection:
        assert connection.execute(days).fetchall() and connection.execute(facts).fetchall()


def materialized(home, run_id):
    """Asset -> what Dagster shows of it after a run."""
    with dg.DagsterInstance.from_config(str(home / "dagster")) as instance:
        events = instance.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION)
    found = [event.asset_materialization for event in events]
    return {one.asset_key.to_user_string(): one.metadata for one in found}


def test_dagster_shows_rows_bytes_seconds_and_the_first_rows_but_no_customers(first_night):
    shown = materialized(first_night.home, first_night.result["run_id"])
    loaded = shown["raw/zendesk/tickets"]
    assert {"rows_read", "rows_loaded", "rows_duplicate", "rows_rejected", "bytes", "seconds"} <= loaded.keys()
    assert loaded["rows_loaded"].value > 0 and loaded["bytes"].value > 0 and "quarantine" not in loaded
    with duckdb.connect(str(first_night.current / "support_kpis.duckdb"), read_only=True) as connection:
        for table in ("mart_telephony", "dim_kpi", "fct_contact"):
            [(rows,)] = connection.execute(f"select count(*) from {table}").fetchall()
            assert shown[table]["dagster/row_count"].value == rows and shown[table]["seconds"].value > 0
    assert "| abandonment_rate |" in shown["mart_telephony"]["preview"].md_str
    assert not any("preview" in metadata for name, metadata in shown.items() if name.startswith("fct_"))
    assert shown["published"]["scorecard"].value == f"/scorecard/{first_night.result['run_id']}"


def test_the_same_as_of_again_publishes_the_same_files_without_building(first_night, home_after_first_night):
    before = (home_after_first_night / "published" / "current" / "support_kpis.duckdb").stat().st_ino
    outcome = run_nightly(Options(home=home_after_first_night, as_of=AS_OF))
    assert outcome.published and outcome.rows_read == 0
    assert published(home_after_first_night) == outcome.run_id != first_night.result["run_id"]
    current = home_after_first_night / "published" / "current"
    assert table_hashes(home_after_first_night) == table_hashes(first_night.home)
    assert (current / "support_kpis.duckdb").stat().st_ino == before
    assert json.loads((current / "manifest.json").read_text())["run_id"] == outcome.run_id
    # Freshness goes by the newest materialization: without news there is none.
    shown = materialized(home_after_first_night, outcome.run_id)
    assert not any(name.startswith("raw/") for name in shown)
    assert shown["mart_telephony"]["unchanged_since_run"].value == first_night.result["run_id"]
    assert shown["mart_telephony"]["dagster/row_count"].value > 0


def test_a_new_setting_builds_anew(first_night, home_after_first_night):
    config = home_after_first_night / "config"
    config.mkdir(exist_ok=True)
    (config / "settings.toml").write_text("service_level_seconds = 60\n")
    before = (home_after_first_night / "published" / "current").resolve()
    assert run_nightly(Options(home=home_after_first_night, as_of=AS_OF)).published
    assert table_hashes(home_after_first_night) != table_hashes(first_night.home)
    # The same code has the same docs, whatever the numbers.
    assert (home_after_first_night / "published" / "current" / PAGE).samefile(before / PAGE)


def test_a_changed_target_builds_what_depends_on_it_and_nothing_else(first_night, home_after_first_night):
    config = home_after_first_night / "config"
    config.mkdir(exist_ok=True)
    header, _, *others = (SHIPPED_CONFIG / "targets.csv").read_text().splitlines()
    (config / "targets.csv").write_text("\n".join([header, *others]) + "\n")
    assert run_nightly(Options(home=home_after_first_night, as_of=AS_OF)).published
    results = json.loads((home_after_first_night / "dbt" / "target" / "run_results.json").read_text())["results"]
    built = {one["unique_id"].split(".")[2] for one in results if one["unique_id"].startswith("model.")}
    assert {"dim_target", "mart_kpi_scorecard"} <= built and len(built) < 20, built
    found, before = table_hashes(home_after_first_night), table_hashes(first_night.home)
    assert found["dim_target"] != before["dim_target"] and found["fct_ticket"] == before["fct_ticket"]


@pytest.mark.long
def test_a_full_refresh_and_an_earlier_as_of_publish(first_night, home_after_first_night):
    earlier = run_nightly(Options(home=home_after_first_night, as_of="2026-02-20T00:00:00Z"))
    assert earlier.published
    assert table_hashes(home_after_first_night) != table_hashes(first_night.home)
    refreshed = run_nightly(Options(home=home_after_first_night, as_of=AS_OF, full_refresh=True))
    assert refreshed.published
    assert table_hashes(home_after_first_night) == table_hashes(first_night.home)


def test_news_is_added_to_the_tables_and_a_full_refresh_says_the_same(home_after_first_night, monkeypatch):
    monkeypatch.setattr(additions, "FEWEST_ROWS", 0)
    first = versions.current_manifest(home_after_first_night / "published")["warehouse"]
    header = "call_id,arrived_at,direction,outcome,stage_reached,caller_phone\n"
    row = "late,2026-02-20T09:00:00Z,inbound,answered,agent,+49 30 1234567\n"
    (home_after_first_night / "landing" / "generic" / "calls" / "late.csv").write_text(header + row)
    tomorrow = "2026-03-03T00:00:00Z"
    assert run_nightly(Options(home=home_after_first_night, as_of=tomorrow)).published
    with duckdb.connect(str(home_after_first_night / "warehouse" / "warehouse.duckdb"), read_only=True) as connection:
        touched = {contact for (contact,) in connection.execute("select contact_id from int_touched").fetchall()}
        (contacts,) = connection.execute("select count(*) from fct_contact").fetchone()
        (computed,) = connection.execute("select count(*) from wide.fct_contact").fetchone()
    assert "generic/calls/late" in touched and len(touched) <= computed < contacts
    added, version = table_hashes(home_after_first_night), (home_after_first_night / "published" / "current").resolve()
    assert versions.current_manifest(home_after_first_night / "published")["warehouse"] == first
    assert run_nightly(Options(home=home_after_first_night, as_of=tomorrow, full_refresh=True)).published
    assert table_hashes(home_after_first_night) == added
    assert versions.current_manifest(home_after_first_night / "published")["warehouse"] != first
    with duckdb.connect() as connection:
        whole = home_after_first_night / "published" / "current"
        for name, folder in (("added", version), ("whole", whole)):
            connection.execute(f"attach '{folder}/support_kpis.duckdb' as \"{name}\" (read_only)")
        for table in added.keys() - {"mart_row_accounting"}:
            rows = [connection.execute(f"from {name}.{table} order by all").fetchall() for name in ("added", "whole")]
            files = [f"'{folder}/parquet/{table}.parquet'" for folder in (version, whole)]
            rows += [connection.execute(f"from {file} order by all").fetchall() for file in files]
            assert all(one == rows[0] for one in rows), table


def test_a_blocking_check_leaves_the_published_version_and_is_exit_1(first_night, home_after_first_night):
    header = "call_id,arrived_at,direction,outcome,stage_reached\n"
    rows = "".join(f"c{i},not an instant,inbound,answered,agent\n" for i in range(50))
    (home_after_first_night / "landing" / "generic" / "calls" / "broken.csv").write_text(header + rows)
    outcome = run_nightly(Options(home=home_after_first_night, as_of=AS_OF))
    assert exit_code(outcome) == 1
    assert outcome.checks_failed == 1 and outcome.rows_rejected == 50 and not outcome.published
    assert "raw/generic/calls: blocking check rejected_share failed" in outcome.error
    assert published(home_after_first_night) == first_night.result["run_id"]


def test_a_shrunken_snapshot_is_held_back(first_night, home_after_first_night):
    (home_after_first_night / "landing" / "zendesk" / "groups" / "zz_short.json").write_text(
        '{"groups": [{"id": 1, "name": "Only one", "created_at": "2026-01-01T00:00:00Z",'
        ' "updated_at": "2026-03-01T00:00:00Z", "deleted": false}], "next_page": null, "count": 1}'
    )
    outcome = run_nightly(Options(home=home_after_first_night, as_of=AS_OF))
    assert exit_code(outcome) == 1
    assert "raw/zendesk/groups: blocking check snapshot_has_not_shrunk failed" in outcome.error
    assert published(home_after_first_night) == first_night.result["run_id"]


def run_part(home, *names, **config):
    """The job on these assets alone, as somebody starts it in the UI."""
    from ingestion.settings import load_settings
    from orchestration.definitions import build_defs

    definitions = build_defs(load_settings(home=home))
    with dg.DagsterInstance.from_config(str(home / "dagster")) as instance:
        return definitions.resolve_job_def("nightly").execute_in_process(
            asset_selection=[dg.AssetKey(name) for name in names],
            run_config={"resources": {"nightly_run": {"config": {"home": str(home), **config}}}},
            instance=instance,
            raise_on_error=False,
        )


def test_publishing_alone_refuses_marts_of_two_instants(first_night, home_after_first_night):
    from orchestration.lib.events import first_failure

    result = run_part(home_after_first_night, "mart_kpi_timeseries", "published", as_of="2026-03-01T00:00:00Z")
    assert not result.success
    assert "built as of another instant" in first_failure(result.all_events)
    assert published(home_after_first_night) == first_night.result["run_id"]


def test_a_full_refresh_of_a_part_builds_it_and_keeps_the_rest(first_night, home_after_first_night):
    result = run_part(home_after_first_night, "dim_target", "published", as_of=AS_OF, full_refresh=True)
    assert result.success
    built = result.asset_materializations_for_node("dbt_build")
    assert built and not any("unchanged_since_run" in one.metadata for one in built)
    assert (home_after_first_night / "published" / "current").resolve().name == result.run_id
    assert table_hashes(home_after_first_night) == table_hashes(first_night.home)
