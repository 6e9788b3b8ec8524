"""The committed list of what Dagster loads, so that no asset, check or cron changes unseen.

After a change that is meant: `.venv/bin/python tests/orchestration/test_definitions.py`, and look at the difference.
"""

import csv
import json
import tempfile
from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest

from ingestion.adapters import STREAMS
from ingestion.catalogue import kpi_catalogue
from ingestion.configuration.settings_file import owned_groups
from ingestion.settings import SHIPPED_CONFIG, Settings
from ingestion.warehouse import SLOW_STREAMS
from orchestration.definitions import build_defs

SNAPSHOT = Path(__file__).with_name("definitions_snapshot.json")


def build(home: Path) -> dg.Definitions:
    return build_defs(Settings(home=home, landing_url=str(home / "landing"), pii_key="k" * 32))


def describe(definitions: dg.Definitions) -> dict:
    """Keys, groups, checks and crons in a form that reads well in a diff."""
    graph = definitions.resolve_asset_graph()
    specs = {key.to_user_string(): graph.get(key) for key in graph.materializable_asset_keys}
    schedules = [definitions.resolve_schedule_def(schedule.name) for schedule in definitions.schedules]
    blocking = {key: graph.get_check_spec(key).blocking for key in graph.asset_check_keys}
    return {
        "assets": {key: specs[key].group_name for key in sorted(specs)},
        "checks": {
            f"{key.asset_key.to_user_string()}: {key.name}": "blocking" if blocking[key] else "warns"
            for key in sorted(graph.asset_check_keys, key=str)
        },
        "jobs": sorted(job.name for job in definitions.resolve_all_job_defs() if not job.name.startswith("__")),
        "schedules": {
            schedule.name: [schedule.job_name, schedule.cron_schedule, schedule.execution_timezone]
            for schedule in schedules
        },
    }


@pytest.fixture(scope="module")
def definitions(tmp_path_factory):
    return build(tmp_path_factory.mktemp("definitions"))


def test_nothing_has_changed_unseen(definitions):
    there, listed = describe(definitions), json.loads(SNAPSHOT.read_text())
    for section in listed:
        assert set(there[section]) ^ set(listed[section]) == set(), section
    assert there == listed


def test_the_contracts_assets_are_there(definitions):
    keys = {key.to_user_string() for key in definitions.resolve_asset_graph().materializable_asset_keys}
    assert {f"raw/{source}/{stream}" for source, stream in STREAMS} <= keys
    assert {"published", "mart_kpi_scorecard", "mart_kpi_timeseries", "fct_contact", "dim_target"} <= keys


def test_everything_has_a_group_and_a_description(definitions):
    graph = definitions.resolve_asset_graph()
    bare = [key for key in graph.materializable_asset_keys if not (graph.get(key).description or "").strip()]
    ungrouped = [key for key in graph.materializable_asset_keys if graph.get(key).group_name == "default"]
    assert (bare, ungrouped) == ([], [])


def test_published_waits_for_every_published_table(definitions):
    graph = definitions.resolve_asset_graph()
    parents = {key.to_user_string() for key in graph.get(dg.AssetKey("published")).parent_keys}
    models = {key.to_user_string() for key in graph.materializable_asset_keys}
    assert parents == {name for name in models if name.startswith(("dim_", "fct_", "mart_"))}


def test_every_target_is_a_check_and_none_blocks(definitions):
    graph = definitions.resolve_asset_graph()
    scorecard = dg.AssetKey("mart_kpi_scorecard")
    specs = {key.name: graph.get_check_spec(key) for key in graph.asset_check_keys if key.asset_key == scorecard}
    with (SHIPPED_CONFIG / "targets.csv").open(newline="") as lines:
        targets = {row["target_id"] for row in csv.DictReader(lines)}
    assert {"amazon_reply_24h", "service_level_80_20"} <= targets <= specs.keys()
    assert [name for name in sorted(targets) if specs[name].blocking] == []


def test_a_stream_is_overdue_after_the_hours_of_the_settings(tmp_path):
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "settings.toml").write_text('[freshness]\n"zendesk/tickets" = 5\n"zendesk/users" = 100\n')
    graph = build(tmp_path).resolve_asset_graph()
    policies = {"/".join(id): graph.get(dg.AssetKey(["raw", *id])).freshness_policy for id in STREAMS}
    hours = {id: policy.fail_window.to_timedelta() / timedelta(hours=1) for id, policy in policies.items() if policy}
    assert (hours["zendesk/tickets"], hours["zendesk/users"], hours["generic/calls"]) == (5, 100, 36)
    assert set(policies) - set(hours) == {name for name in SLOW_STREAMS if name != "zendesk/users"}


def test_a_group_has_its_owners_and_all_others_have_those_of_all(tmp_path):
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "settings.toml").write_text(
        '[owners]\nall = ["team:data"]\nmarts_sales = ["ann@shop.example", "team:sales"]\nraw_zendesk = []\n'
    )
    graph = build(tmp_path).resolve_asset_graph()
    owners = {key.to_user_string(): list(graph.get(key).owners) for key in graph.materializable_asset_keys}
    assert owners["mart_feedback"] == ["ann@shop.example", "team:sales"]
    assert owners["raw/zendesk/tickets"] == []
    assert owners["mart_telephony"] == owners["raw/generic/calls"] == owners["published"] == ["team:data"]


def test_every_kpi_is_a_tag_of_its_mart_and_told_in_its_description(definitions):
    graph = definitions.resolve_asset_graph()
    tagged = {
        tag.removeprefix("kpi/"): key.to_user_string()
        for key in graph.materializable_asset_keys
        for tag in graph.get(key).tags
        if tag.startswith("kpi/")
    }
    assert tagged == {kpi_id: kpi["mart"] for kpi_id, kpi in kpi_catalogue().items()}
    for kpi_id, kpi in kpi_catalogue().items():
        assert f"**{kpi['name']}** (`{kpi_id}`)" in graph.get(dg.AssetKey(kpi["mart"])).description


def test_the_groups_are_those_that_settings_may_name_owners_of(definitions):
    graph = definitions.resolve_asset_graph()
    assert {graph.get(key).group_name for key in graph.materializable_asset_keys} <= set(owned_groups())


def test_a_database_server_is_an_asset_after_the_publication_where_one_is_set(tmp_path, definitions):
    url = {"SUPPORT_KPIS_POSTGRES_URL": "postgresql://kpis:geheim@db/bi"}
    settings = Settings(home=tmp_path, landing_url=str(tmp_path / "landing"), pii_key="k" * 32, credentials=url)
    with_server = build_defs(settings)
    graph, key = with_server.resolve_asset_graph(), dg.AssetKey(["served", "postgres"])
    assert graph.get(key).parent_keys == {dg.AssetKey("published")} and graph.get(key).group_name in owned_groups()
    there, usual = describe(with_server), describe(definitions)
    assert set(there["assets"]) - set(usual["assets"]) == {"served/postgres"}
    checks = {"served/postgres: current_version_is_shown": "warns"}
    assert there["checks"] == usual["checks"] | checks
    assert key in with_server.resolve_job_def("nightly").asset_layer.executable_asset_keys


def test_the_schedule_runs_by_default_at_two_in_the_reporting_zone(definitions):
    schedule = definitions.resolve_schedule_def("nightly_schedule")
    assert schedule.cron_schedule == "0 2 * * *"
    assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        SNAPSHOT.write_text(json.dumps(describe(build(Path(folder))), indent=1) + "\n")
