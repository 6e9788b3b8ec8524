"""The console script from outside: exit codes, one line for what went wrong, one JSON object whatever happens."""

import json
import subprocess
import sys

import pytest

from ingestion.settings import CHECKOUT
from tests.helpers import start_holder, support_kpis

KEYS = {"run_id", "as_of", "published", "rows_read", "rows_loaded", "rows_duplicate", "rows_rejected"}
KEYS |= {"checks_failed", "targets_missed"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "--as-of", "yesterday"], "yesterday"),
        (["run", "--as-of", "2026-03-02T00:00:00"], "offset"),
        (["run", "--reload", "acme/tickets"], "acme/tickets"),
        (["run", "--wait", "-1"], "--wait"),
        (["run", "--what"], "--what"),
        (["simulate", "--days", "0", "--contacts-per-day", "1", "--seed", "1"], "--days"),
        (["rollback", "nowhere"], "nowhere"),
        (["walk"], "walk"),
    ],
)
def test_wrong_usage_is_said_in_one_line_and_nothing_is_done(arguments, said, tmp_path):
    home = ["--home", tmp_path] if arguments[0] != "walk" else []
    done = support_kpis(*arguments, *home)
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stdout == ""
    assert not (tmp_path / "warehouse" / "warehouse.duckdb").exists()


@pytest.mark.parametrize("arguments", [["--as-of", "yesterday"], ["--what"]])
def test_json_holds_the_contracts_keys_even_then(arguments, tmp_path):
    done = support_kpis("run", "--home", tmp_path, "--json", *arguments)
    said = json.loads(done.stdout)
    assert done.returncode == 2
    assert said.keys() >= KEYS
    assert said["published"] is False and said["error"]


def test_a_fault_in_the_configuration_names_file_and_line(tmp_path):
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "queues.csv").write_text(
        "source,queue,team,service_level_seconds,calendar_id,valid_from,valid_to\nasterisk,sales,team,soon,,,\n"
    )
    done = support_kpis("run", "--home", tmp_path, "--json")
    assert done.returncode == 2
    assert "queues.csv:2:" in done.stderr
    assert json.loads(done.stdout)["published"] is False


def test_another_active_run_is_exit_3(tmp_path):
    holder = start_holder(tmp_path / "run.lock", 60)
    try:
        done = support_kpis("run", "--home", tmp_path, "--wait", "0.3", "--json")
    finally:
        holder.kill()
        holder.wait()
    assert done.returncode == 3
    assert "the-other-run" in json.loads(done.stdout)["error"]
    assert "the-other-run" in done.stderr


def test_a_scorecard_before_the_first_publication(tmp_path):
    done = support_kpis("scorecard", "--home", tmp_path)
    assert done.returncode == 1
    assert "nothing is published" in done.stderr


def test_help_needs_no_heavy_import():
    code = "import sys\nfrom orchestration.cli import main\nmain(['run', '--help'])\n"
    code += "print([name for name in ('dagster', 'duckdb', 'dbt') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=CHECKOUT, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_simulate_writes_the_same_bytes_for_the_same_seed(tmp_path):
    contents = []
    for name in ("one", "two"):
        options = ["--days", "3", "--contacts-per-day", "20", "--seed", "5", "--end", "2026-03-02"]
        assert support_kpis("simulate", "--home", tmp_path / name, *options).returncode == 0
        landing = tmp_path / name / "landing"
        files = sorted(path for path in landing.rglob("*") if path.is_file())
        contents.append({path.relative_to(landing): path.read_bytes() for path in files})
    assert contents[0] and contents[0] == contents[1]
