"""What has changed since the last alert, in words: targets newly missed, at risk or recovered, published numbers that
moved, streams newly stale.

Takes rows and memory, gives texts and what to remember; knows nothing of files or networks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from orchestration.lib.restated import Restated
from orchestration.lib.targets import show

#: In the order in which people want to read them.
HEADINGS = {"missed": "MISSED", "at_risk": "AT RISK", "no_data": "NO DATA ANY MORE", "met": "RECOVERED"}
FINE = ("met", "no_data")


@dataclass
class News:
    """One digest. `counts`: heading -> how many; `lines`: its paragraphs."""

    counts: dict[str, int] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    def add(self, heading: str, line: str, count: int = 1) -> None:
        self.counts[heading] = self.counts.get(heading, 0) + count
        self.lines.append(line)

    @property
    def title(self) -> str:
        return "Support KPIs: " + ", ".join(f"{count:,} {name.lower()}" for name, count in self.counts.items())

    @property
    def body(self) -> str:
        return "\n\n".join(self.lines)


def of_targets(
    rows: dict[str, dict[str, Any]],
    before: dict[str, dict[str, str]],
    as_of: str,
    offenders: Callable[[dict[str, Any]], list[str]],
) -> tuple[News, dict[str, dict[str, str]]]:
    """News of the scorecard's `rows` against what was known `before`; and what is known now.

    `offenders` names what takes most from a target. A target that is met or has no data when it is first seen, or that
    is not there any more, is no news.
    """
    news, known = News(), {}
    for status, heading in HEADINGS.items():
        for name, row in rows.items():
            if row["status"] != status:
                continue
            earlier = before.get(name)
            if earlier is not None and earlier["status"] == status:
                known[name] = earlier
                continue
            known[name] = {"status": status, "since": as_of}
            was = earlier["status"] if earlier else None
            if status in FINE and (was is None or was in FINE):
                continue
            news.add(heading, _line(heading, row, known[name]["since"], earlier, offenders))
    return news, known


def _line(
    heading: str, row: dict[str, Any], since: str, earlier: dict[str, str] | None, offenders: Callable[..., list[str]]
) -> str:
    unit, scope = row["unit"], "all contacts"
    if row["dimension"] != "all":
        scope = f"{row['dimension']} {row['dimension_value']}"
    before = f", before {show(row['previous_value'], unit)}" if row["previous_value"] is not None else ""
    found = [
        f"{heading}: {row['name'] or row['kpi_id']} ({row['target_id']}), {scope}",
        f"{show(row['value'], unit)} in {row['window_start']} to {row['window_end']}{before}; "
        f"target {row['comparator']} {show(row['target'], unit)}; since {since}"
        + (f", {earlier['status'].replace('_', ' ')} since {earlier['since']}" if earlier else ""),
    ]
    if heading in ("MISSED", "AT RISK") and (most := offenders(row)):
        found.append(f"most from: {'; '.join(most)}")
    return "\n".join(found)


def of_restated(found: Restated | None, before: str, news: News) -> str:
    """Adds one paragraph on what moved; gives it, for a version that says the same once more is no news."""
    if found is None:
        return ""
    most = "; ".join(str(move) for move in found.most)
    told = f"RESTATED: {found} (version {found.version})\nmost: {most}"
    if told != before:
        news.add("RESTATED", told, found.numbers)
    return told


def of_streams(stale: list[tuple[str, str]], before: list[str], news: News) -> list[str]:
    """Adds newly stale streams (name and how long) to the news; gives the names of all that are stale now."""
    for name, told in stale:
        if name not in before:
            news.add("STALE", f"STALE: {name}, {told}")
    for name in before:
        if name not in {stream for stream, _ in stale}:
            news.add("FRESH AGAIN", f"FRESH AGAIN: {name}")
    return [name for name, _ in stale]
