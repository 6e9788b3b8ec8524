"""Every fault at its short count. Those of several whole nights even then run in `make test-all` only: what they try is
held by tests of its own for each rule (the lock, the space that is asked for, instants and zones)."""

import importlib

import pytest

from tests.faults import NAMES, nights

LONG = {"month", "kills", "pairs", "disk_full", "clocks"}


@pytest.fixture(scope="module")
def published_home(first_night):
    """Saves the faults of whole nights one."""
    nights.start_from(first_night.home)


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.long] if name in LONG else []) for name in NAMES]
)
def test_fault(name, tmp_path, published_home):
    fault = importlib.import_module(f"tests.faults.{name}")
    tally = fault.run(fault.SHORT, tmp_path)
    assert not tally.failures
    assert sum(tally.counts.values()) >= fault.SHORT
