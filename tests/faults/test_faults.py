"""Every fault at its short count; the month, four whole nights even then, in `make test-all` only."""

import importlib

import pytest

from tests.faults import NAMES, nights

LONG = {"month"}


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
