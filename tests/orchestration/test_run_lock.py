"""One run writes at a time; the lock says who holds it and tells of a holder that was killed."""

import json
import os
import stat
import time

import pytest

from orchestration.lib.run_lock import RunActiveError, hold
from tests.helpers import start_holder


@pytest.fixture
def lock(tmp_path):
    return tmp_path / "run.lock"


def test_a_held_lock_is_refused_after_the_wait_and_its_holder_named(lock):
    holder = start_holder(lock, 30)
    try:
        with pytest.raises(RunActiveError) as error, hold(lock, wait_seconds=0.3, run_id="mine"):
            pass
        assert "the-other-run" in str(error.value)
        assert str(holder.pid) in str(error.value)
    finally:
        holder.kill()
        holder.wait()


def test_the_second_run_waits_its_turn(lock):
    holder = start_holder(lock, 0.8)
    said = []
    started = time.monotonic()
    with hold(lock, wait_seconds=20, run_id="mine", say=said.append):
        assert time.monotonic() - started > 0.3
        assert json.loads(lock.read_text())["pid"] == os.getpid()
    assert len(said) == 1 and "the-other-run" in said[0]
    holder.wait()


def test_a_killed_holder_frees_the_lock_and_is_named(lock):
    holder = start_holder(lock, 30)
    holder.kill()
    holder.wait()
    with hold(lock, wait_seconds=5, run_id="mine") as died:
        assert died == "the-other-run"
    with hold(lock, wait_seconds=5, run_id="mine") as died:
        assert died is None


def test_the_run_that_holds_it_may_ask_again(lock):
    with hold(lock, wait_seconds=0, run_id="mine"), hold(lock, wait_seconds=0, run_id="mine"):
        assert json.loads(lock.read_text())["run_id"] == "mine"


def test_an_error_in_the_block_frees_the_lock(lock):
    with pytest.raises(ZeroDivisionError), hold(lock, wait_seconds=0, run_id="mine"):
        raise ZeroDivisionError
    with hold(lock, wait_seconds=0, run_id="next") as died:
        assert died is None


def test_the_file_is_for_its_owner_alone_whatever_the_umask(lock):
    before = os.umask(0o022)
    try:
        with hold(lock, wait_seconds=0, run_id="mine"):
            assert stat.S_IMODE(lock.stat().st_mode) == 0o600
    finally:
        os.umask(before)
