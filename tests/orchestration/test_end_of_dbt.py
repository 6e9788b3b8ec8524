"""Why a dbt call ended that left no results, and that results of an earlier call are not taken for its own."""

import json
import subprocess
import sys
from dataclasses import dataclass

from ingestion.settings import load_settings
from orchestration.lib import dbt
from orchestration.lib.dagster_dbt import DbtCliResource
from orchestration.lib.dbt import end_of, failures, fresh_target


@dataclass
class Invocation:
    process: subprocess.Popen


def test_a_killed_dbt_is_told_by_its_signal():
    assert end_of(-9, RuntimeError("...")) == "dbt was killed by signal 9 (SIGKILL)"


def test_any_other_end_in_dbt_s_own_words():
    error = RuntimeError(
        "failed with exit code 2.\n\nErrors parsed from dbt logs:\n\n  Runtime Error\n  Could not set lock"
    )
    assert end_of(2, error) == "Runtime Error Could not set lock"


def test_results_of_an_earlier_call_are_gone_before_the_next(tmp_path):
    settings = load_settings(home=tmp_path, env={})
    target = fresh_target(settings)
    target.mkdir(parents=True)
    result = {"unique_id": "model.support_kpis.dim_date", "status": "error", "message": "broken"}
    (target / "run_results.json").write_text(json.dumps({"results": [result]}))
    assert failures(target) == ["model dim_date: broken"]
    assert failures(fresh_target(settings)) == []


def test_a_call_that_nobody_waited_for_is_ended(tmp_path, monkeypatch):
    """As after a full disk under Dagster's storage: its error breaks the run off while dbt builds."""
    sleeping = [sys.executable, "-c", "import time; time.sleep(60)"]
    monkeypatch.setattr(DbtCliResource, "cli", lambda *_, **__: Invocation(subprocess.Popen(sleeping)))
    settings = load_settings(home=tmp_path, env={})
    settings.prepare_home()
    dbt.write_profile(settings)
    invocation = dbt.dbt_resource(settings).cli(["build"])
    assert invocation.process.poll() is None
    dbt.end_calls()
    assert invocation.process.poll() is not None
