"""The console script from outside: exit codes, one line for what went wrong, one JSON object whatever happens."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ingestion.settings import CHECKOUT
from orchestration import cli
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
        (["run", "--wait", "inf"], "--wait"),
        (["run", "--wait", "nan"], "--wait"),
        (["run", "--what"], "--what"),
        (["simulate", "--days", "0", "--contacts-per-day", "1", "--seed", "1"], "--days"),
        (["rollback", "nowhere"], "nowhere"),
        (["rollback"], "no version before"),
        (["forget", "--email", ""], "--email"),
        (["forget", "--phone", "none"], "--phone"),
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
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [["forget", "--email", "kim@example.org"], ["rollback"]])
def test_a_home_that_is_not_there_is_not_made_for_what_needs_one(arguments, tmp_path):
    done = support_kpis(*arguments, "--home", tmp_path / "home")
    assert done.returncode == 2 and len(done.stderr.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [["run", "--json"], ["forget", "--email", "kim@example.org"], ["rollback", "v"],
     ["simulate", "--days", "1", "--contacts-per-day", "1", "--seed", "1"]],
    ids=lambda arguments: arguments[0],
)  # fmt: skip
@pytest.mark.parametrize("strerror", ["Read-only file system", "No space left on device"])
def test_a_home_that_cannot_be_written_is_one_line_and_exit_1(arguments, strerror, tmp_path, monkeypatch, capfd):
    def refuse(path, *_, **__):
        raise OSError(errno.EROFS, strerror, str(path))

    (tmp_path / "config").mkdir()
    if arguments[0] == "rollback":
        version = tmp_path / "published" / "versions" / "v"
        version.mkdir(parents=True)
        (version / "manifest.json").write_text('{"published_at": "2026-03-02T00:00:00+00:00"}')
        monkeypatch.setattr(Path, "symlink_to", refuse)
    monkeypatch.setattr(Path, "mkdir", refuse)
    monkeypatch.setattr(Path, "hardlink_to", refuse)
    assert cli.main([*arguments, "--home", str(tmp_path)]) == 1
    told = capfd.readouterr()
    assert strerror in told.err and len(told.err.strip().splitlines()) == 1
    assert told.err.startswith("support-kpis: ")
    if "--json" in arguments:
        said = json.loads(told.out)
        assert said.keys() >= KEYS and strerror in said["error"] and not said["published"]


def test_a_variable_that_the_homes_own_dagster_yaml_names_is_missing(tmp_path):
    (tmp_path / "config").mkdir()
    text = "storage:\n  sqlite:\n    base_dir:\n      env: NOWHERE_TO_BE_FOUND\n"
    (tmp_path / "config" / "dagster.yaml").write_text(text)
    done = support_kpis("run", "--home", tmp_path)
    assert done.returncode == 1
    said = "config/dagster.yaml names NOWHERE_TO_BE_FOUND, which is not set in this environment. Next: set it where"
    assert f"support-kpis: {said} this runs" in done.stderr.splitlines()[-1]


def test_a_new_home_is_judged_by_the_disk_it_would_stand_on():
    done = support_kpis("run", "--home", "/proc/support-kpis/home", "--json")
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1 and "0 MiB are free under /proc" in done.stderr
    assert json.loads(done.stdout)["error"]


def test_what_simulate_makes_is_for_its_owner_alone(tmp_path):
    before = os.umask(0o022)
    try:
        options = ["--days", "1", "--contacts-per-day", "2", "--seed", "5", "--end", "2026-03-02"]
        assert support_kpis("simulate", "--home", tmp_path / "home", *options).returncode == 0
    finally:
        os.umask(before)
    landing = tmp_path / "home" / "landing"
    assert [path for path in (landing, *landing.rglob("*")) if path.stat().st_mode & 0o077] == []


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


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_completes_commands_and_options(shell):
    assert "_SUPPORT_KPIS_COMPLETE" in support_kpis("completion", shell).stdout
    asked = {"_SUPPORT_KPIS_COMPLETE": "bash_complete", "COMP_WORDS": "support-kpis run --fu", "COMP_CWORD": "2"}
    command = [sys.executable, "-m", "orchestration.cli"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=CHECKOUT, env=os.environ | asked, check=False)
    assert done.stdout.split() == ["plain,--full-refresh"]


@pytest.mark.parametrize("command", sorted(cli.cli.commands))
def test_every_command_helps_with_an_example(command):
    done = support_kpis(command, "--help")
    assert done.returncode == 0 and f"  support-kpis {command}" in done.stdout.split("Examples:")[1]


def test_the_scorecard_has_no_colour_in_a_pipe_and_is_one_object_for_programs(first_night):
    plain = support_kpis("scorecard", "--home", first_night.home)
    assert plain.returncode == 0 and "\x1b" not in plain.stdout and "23 targets" in plain.stdout
    told = json.loads(support_kpis("scorecard", "--home", first_night.home, "--json").stdout)
    assert len(told["targets"]) == 23 and told["as_of"] == "2026-03-02T00:00:00Z"
    assert {"target_id", "status", "value", "target", "unit", "guardrail"} <= told["targets"][0].keys()
