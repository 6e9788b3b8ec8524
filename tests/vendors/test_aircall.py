"""A month of calls told by Aircall and in the generic columns; numbers that are floats, and calls that cannot be."""

from dataclasses import replace

import pytest

from tests.vendors import aircall
from tests.vendors.parity import Month, canonical, compare
from tests.vendors.test_cases import test_case as check

#: Aircall knows no hold, no wrap-up, no customer but a number, and no team that a call was passed to.
CANNOT = (
    "hold_seconds",
    "wrap_up_seconds",
    "customer_email_key",
    "ticket_id",
    "disposition_class",
    "issue_type",
    "issue_category",
    "transferred_to_team",
    "transferred_to_queues",
    "is_escalated",
    "escalation_reason",
)
#: All tags stand in `fields`; an agent passes a call on, not to a named team.
DIFFERS = ("fields", "is_transferred")


def test_a_month_of_calls_is_the_same_told_by_aircall(compiled, month, tmp_path):
    calls = aircall.varied(month.streams["calls"])
    generic = Month({"calls": aircall.canonical_cells(calls)}).files("calls")
    ours = canonical(compiled, tmp_path / "ours", generic, ["int_calls"])["int_calls"]
    theirs = canonical(compiled, tmp_path / "theirs", aircall.exports(calls), ["int_calls"])["int_calls"]
    compare(ours, theirs, ("contact_id",), vendor="aircall", cannot=CANNOT, differs=DIFFERS)
    assert {row["outcome"] for row in theirs} == {outcome for _, outcome, *_ in aircall.FATES}
    passed_on = {f"aircall/calls/{call['call_id']}" for call in calls if call["passed_on"]}
    assert passed_on and passed_on == {row["contact_id"] for row in theirs if row["is_transferred"]}


def test_floats_are_the_same_call_as_whole_numbers(tmp_path):
    as_float = aircall.CALL | {"id": 731000001.0, "started_at": 1772445600.0, "ended_at": 1772445934.0}
    files = {"1.json": aircall.page(aircall.CALL), "2.json": aircall.page(as_float)}
    case = replace(aircall.CALLS["happy"], files=files, counts=(2, 1, 1, 0), select="call_id", rows=[("731000001",)])
    check("aircall", "calls", case, tmp_path)


@pytest.mark.parametrize(
    "changed", [{"answered_at": 1772445599}, {"ended_at": 1772445633}, {"answered_at": None, "ended_at": 1772445599}]
)
def test_a_call_whose_instants_go_backwards_is_refused(changed, tmp_path):
    files = {"a.json": aircall.page(aircall.CALL | changed)}
    case = replace(aircall.CALLS["happy"], files=files, counts=(1, 0, 0, 1), select="call_id", rows=[])
    check("aircall", "calls", case, tmp_path)
