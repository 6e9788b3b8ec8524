"""Every fault at its short count."""

import importlib

import pytest

from tests.faults import NAMES


@pytest.mark.parametrize("name", NAMES)
def test_fault(name, tmp_path):
    fault = importlib.import_module(f"tests.faults.{name}")
    tally = fault.run(fault.SHORT, tmp_path)
    assert not tally.failures
    assert sum(tally.counts.values()) >= fault.SHORT
