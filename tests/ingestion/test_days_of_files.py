"""Loading only files that were last changed in a span: the rest waits, and nothing is lost."""

import os
from datetime import UTC, datetime

import pytest

from ingestion.errors import ConfigError

CALLS = "call_id,arrived_at,direction,outcome,stage_reached\n{},2026-03-01T09:00:00Z,inbound,answered,agent\n"
FIRST, SECOND = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def landed(lab):
    """One file of the last moment before each of the two midnights, and one of each midnight."""
    for name, second in [("a", -1), ("b", 0), ("c", 86399), ("d", 86400)]:
        path = lab.land(f"generic/calls/{name}.csv", CALLS.format(name))
        os.utime(path, ns=(0, (int(FIRST.timestamp()) + second) * 10**9))
    return lab


def loaded(lab):
    return sorted(row for (row,) in lab.rows("generic/calls", "call_id"))


@pytest.mark.parametrize(
    ("changed", "names"),
    [((FIRST, SECOND), "bc"), ((SECOND, None), "d"), ((None, FIRST), "a"), ((None, None), "abcd")],
)
def test_the_first_instant_is_in_and_the_second_is_out(landed, changed, names):
    assert landed.load("generic/calls", changed=changed).rows_loaded == len(names)
    assert loaded(landed) == list(names)


def test_what_was_left_out_is_loaded_by_the_next_run(landed):
    landed.run(changed=(FIRST, SECOND))
    assert landed.load("generic/calls").rows_loaded == 2
    assert loaded(landed) == list("abcd")


def test_a_reload_of_some_files_is_refused_as_it_would_forget_the_others(landed):
    landed.run()
    with pytest.raises(ConfigError, match="leave out the days of files"):
        landed.run(reload={("generic", "calls")}, changed=(FIRST, None))
    assert loaded(landed) == list("abcd")
