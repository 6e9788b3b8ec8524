"""A month of agents' states as Connect's event stream tells it, against the same month as `generic` intervals."""

from tests.vendors.amazon_connect import as_lines, events_of, without_gaps
from tests.vendors.parity import as_csv, canonical, compare


def test_a_month_of_agents(compiled, month, tmp_path):
    ours = without_gaps(month.streams["status_intervals"])
    assert len(ours) > 500 and len({row["status_class"] for row in ours}) == 6
    events = events_of(ours)
    # Delivered at least once, in parts and in any order.
    half = len(events) // 2
    files = {
        "amazon_connect/agent_events/1": as_lines(*events[half - 50 :]),
        "amazon_connect/agent_events/2": as_lines(*reversed(events[:half])),
    }
    model, key = "int_status_intervals", ("agent", "starts_at")
    generic = {"generic/status_intervals/all.csv": as_csv(ours)}
    [left] = canonical(compiled, tmp_path / "generic", generic, [model]).values()
    sources = {"amazon_connect": {"productive_statuses": ["Training"]}}
    [right] = canonical(compiled, tmp_path / "connect", files, [model], sources=sources).values()
    logouts = {(row["agent_email"], row["ends_at"]) for row in {row["agent_email"]: row for row in ours}.values()}
    told = [row for row in right if (row["agent"], f"{row['starts_at']:%Y-%m-%dT%H:%M:%SZ}") not in logouts]
    assert len(right) - len(told) == len({agent for agent, end in logouts if end})
    # What a status is called is the vendor's own word.
    compare(left, told, key, vendor="amazon_connect", differs=("status",))
