"""Steps in processes of their own: one that is killed is known, one that outlives its run holds up the next."""

import subprocess
import sys

import dagster as dg
import pytest

from ingestion.settings import CHECKOUT
from orchestration.lib import run_steps
from orchestration.lib.nightly_run import NightlyRun
from orchestration.lib.run_lock import RunActiveError, hold, holder, tell
from tests.helpers import start_holder

STEP = """
import sys, time
from pathlib import Path
from orchestration.lib.run_steps import working
with working(Path(sys.argv[1]), "load"):
    print("at work", flush=True)
    time.sleep(float(sys.argv[2]))
"""


@pytest.fixture
def lock(tmp_path):
    return tmp_path / "run.lock"


@pytest.fixture
def step(lock):
    started = []

    def start(seconds):
        command = [sys.executable, "-c", STEP, str(lock), str(seconds)]
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=CHECKOUT))
        assert started[-1].stdout.readline() == "at work\n"
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def test_a_step_is_known_to_be_killed_and_neither_before_nor_while_nor_after_it_works(lock, step):
    assert not run_steps.was_killed(lock, "load")
    process = step(60)
    assert not run_steps.was_killed(lock, "load") and run_steps.at_work(lock) == 1
    process.kill()
    process.wait()
    assert run_steps.was_killed(lock, "load") and run_steps.at_work(lock) == 0
    with run_steps.working(lock, "load"):
        assert run_steps.current() == "load" and not run_steps.was_killed(lock, "load")
    assert run_steps.current() == "" and not run_steps.was_killed(lock, "load")


def test_a_run_waits_for_the_steps_of_one_that_died(lock, step):
    leader = start_holder(lock, 60)
    leader.kill()
    leader.wait()
    process = step(60)
    with pytest.raises(RunActiveError, match="1 of its steps"), hold(lock, wait_seconds=0.3, run_id="mine"):
        pass
    is_held, told = holder(lock)
    assert not is_held and told["run_id"] == "the-other-run"
    process.kill()
    process.wait()
    step(0.8)
    with hold(lock, wait_seconds=20, run_id="mine") as died:
        assert died == "the-other-run" and run_steps.at_work(lock) == 0


def test_a_step_works_only_for_the_run_that_holds_the_lock_and_at_its_instant(lock, tmp_path):
    seen = []

    @dg.op
    def look(nightly_run: NightlyRun) -> None:
        seen.append((nightly_run.instant.isoformat(), nightly_run.settings.tmp))

    def works_for(run_id):
        night = NightlyRun(home=str(tmp_path))
        job = dg.GraphDefinition("job", node_defs=[look]).to_job(resource_defs={"nightly_run": night})
        with dg.DagsterInstance.ephemeral() as instance, run_steps.working(lock, "load"):
            return job.execute_in_process(instance=instance, run_id=run_id, raise_on_error=False).success

    mine, another = "6c1b8a52-6f0e-4a7b-9f1d-0d6b2a7c9e11", "6c1b8a52-6f0e-4a7b-9f1d-0d6b2a7c9e12"
    with hold(lock, wait_seconds=0, run_id=mine):
        tell(lock, as_of="2026-03-02T00:00:00+00:00")
        assert works_for(mine) and not works_for(another)
    assert not works_for(mine)
    assert seen == [("2026-03-02T00:00:00+00:00", tmp_path / "tmp" / "load")] and not seen[0][1].exists()
