"""`support-kpis doctor`: what it finds in homes in all states, and that it leaves them as they are."""

import json
import os
import time

import pytest

from orchestration.lib import versions
from orchestration.lib.doctor import NOTE, OK, PROBLEM, examine, next_step
from orchestration.lib.run_lock import hold
from tests.helpers import support_kpis


@pytest.fixture
def home(tmp_path, monkeypatch):
    for name in ("SUPPORT_KPIS_HOME", "SUPPORT_KPIS_LANDING_URL", "SUPPORT_KPIS_AS_OF", "SUPPORT_KPIS_PII_KEY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "home"


def by_topic(home):
    return {one.topic: one for one in examine(home)}


def land(home, name):
    path = home / "landing" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("call_id\n")


def log_of_run(home, run_id, hours_ago=0):
    path = home / "logs" / f"{run_id}.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("")
    then = time.time() - 3600 * hours_ago
    os.utime(path, (then, then))


def published(home, run_id, as_of="2026-03-02T00:00:00Z"):
    told = {"as_of": as_of, "published_at": f"{as_of[:10]}T02:10:00+00:00", "tables": {}}
    versions.publish(
        home / "published", run_id, lambda folder: (folder / versions.MANIFEST).write_text(json.dumps(told))
    )


def test_a_home_that_is_not_there_is_not_made_and_the_first_steps_are_said(home):
    found = examine(home)
    assert {one.state for one in found} == {OK, NOTE}
    assert "make nightly" in next_step(found)
    assert not home.exists()


def test_sources_are_listed_with_what_is_new_and_what_no_adapter_reads(home):
    land(home, "generic/calls/a.csv")
    land(home, "generic/calls/b.csv")
    land(home, "generic/cals/c.csv")
    land(home, "stray.csv")
    found = by_topic(home)
    assert found["generic/calls"].state == OK and found["generic/calls"].text.startswith("2 files")
    assert "2 not loaded yet" in found["generic/calls"].text
    assert found["generic/cals"].state == NOTE and "calls" in found["generic/cals"].next
    assert "stray.csv" in found["sources"].text


def test_a_good_night_needs_nothing(home):
    land(home, "generic/calls/a.csv")
    log_of_run(home, "good")
    published(home, "older", "2026-03-01T00:00:00Z")
    published(home, "good")
    found = examine(home)
    assert {one.state for one in found} == {OK}
    assert next_step(found).startswith("nothing")
    texts = [one.text for one in found if one.topic == "version"]
    assert len(texts) == 2 and texts[0].startswith("good") and texts[0].endswith("(current)")


@pytest.mark.parametrize(("hours", "state"), [(29, OK), (31, NOTE)])
def test_a_night_that_never_ran_is_noticed(home, hours, state):
    log_of_run(home, "good", hours)
    published(home, "good")
    assert by_topic(home)["last run"].state == state


def test_a_run_that_did_not_publish_is_a_problem_with_its_log(home):
    published(home, "good")
    log_of_run(home, "bad")
    found = examine(home)
    assert by_topic(home)["last run"].state == PROBLEM
    assert "bad.log" in next_step(found)


def test_a_run_at_work_and_one_that_was_killed(home):
    home.mkdir()
    lock = home / "run.lock"
    log_of_run(home, "working")
    with hold(lock, wait_seconds=0, run_id="working"):
        found = by_topic(home)
        assert "run working works" in found["lock"].text and found["lock"].state == NOTE
        assert found["last run"].state == OK and "still at work" in found["last run"].text
    assert by_topic(home)["lock"].state == OK
    lock.write_text(json.dumps({"run_id": "dead", "pid": 1, "started": "then"}))
    assert by_topic(home)["lock"].text == "run dead was killed"


def test_a_wrong_setting_is_said_with_file_and_line(home):
    (home / "config").mkdir(parents=True)
    (home / "config" / "targets.csv").write_text("target_id\n")
    found = by_topic(home)["configuration"]
    assert found.state == PROBLEM and "config/targets.csv:1" in found.text


def test_the_command_ends_with_the_next_step_and_tells_problems_by_its_exit_code(home):
    done = support_kpis("doctor", "--home", home)
    assert done.returncode == 0 and done.stdout.splitlines()[-1].startswith("next: put exports")
    log_of_run(home, "bad")
    done = support_kpis("doctor", "--home", home, "--json")
    assert done.returncode == 1
    assert {"topic", "state", "text", "next"} == set(json.loads(done.stdout)[0])
