"""The comparison itself: it must see what differs."""

import pytest

from tests.vendors.parity import canonical, compare

KEY = ("contact_id",)


def test_the_month_has_rows_of_every_kind_and_differences_are_seen(compiled, month, tmp_path):
    files = month.files("tickets", "messages", "ticket_status_changes", "calls")
    found = canonical(compiled, tmp_path, files, ["int_tickets", "int_calls"])
    tickets, calls = found["int_tickets"], found["int_calls"]
    assert len(tickets) > 20 and len(calls) > 20
    compare(calls, calls, KEY, vendor="generic")
    changed = [row | {"queue": "other"} if n == 3 else row for n, row in enumerate(calls)]
    with pytest.raises(AssertionError, match=r"1 of .* rows differ"):
        compare(calls, changed, KEY, vendor="generic")
    compare(calls, changed, KEY, vendor="generic", differs=["queue"])
    with pytest.raises(AssertionError, match="the format carries"):
        compare(calls, changed, KEY, vendor="generic", cannot=["queue"])
    with pytest.raises(AssertionError):
        compare(calls, calls[1:], KEY, vendor="generic")
