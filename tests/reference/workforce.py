"""Agent-days: what was scheduled, what was done, who was absent, and the agent's team."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise

from tests.reference.resolution import end_of_day
from tests.reference.seeing import entities, happened
from tests.reference.world import World

OFF = ("time_off", "sick")


@dataclass
class AgentDay:
    """Pieces are (start, end, class), cut at local midnights. A plan may reach beyond `as_of`, statuses do not."""

    agent: str
    day: date
    team: str | None = None
    scheduled: list[tuple] = field(default_factory=list)
    statuses: list[tuple] = field(default_factory=list)

    @property
    def is_absent(self) -> bool:
        """Time off or sickness on the schedule, and nothing productive."""
        classes = {piece[2] for piece in self.scheduled}
        return bool(classes & set(OFF)) and "productive" not in classes

    @property
    def was_seen(self) -> bool:
        return any(piece[2] != "offline" for piece in self.statuses)


class AgentDays(dict):
    """(agent, local day) -> AgentDay, made when first asked for; a day without schedule has the last known team."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.teams: dict[str, list[tuple]] = defaultdict(list)
        for agent, start, end, kind, team in schedule_at(world):
            for day, left, right in pieces(world, start, end):
                self[agent, day].scheduled.append((left, right, kind))
                if team is not None:
                    self.teams[agent].append((left, day, team))
        for agent, start, end, kind in _statuses(world):
            for day, left, right in pieces(world, start, end):
                self[agent, day].statuses.append((left, right, kind))

    def __missing__(self, key: tuple[str, date]) -> AgentDay:
        self[key] = AgentDay(*key)
        return self[key]

    def team(self, agent: str, day: date) -> str | None:
        """The day's first scheduled piece (of two at once: by name), else that of the last day that has any."""
        first: dict[date, str] = {}
        for _, scheduled_on, team in sorted(self.teams.get(agent, [])):
            first.setdefault(scheduled_on, team)
        known = [scheduled_on for scheduled_on in first if scheduled_on <= day]
        return first[max(known)] if known else None


def schedule_at(world: World) -> Iterator[tuple]:
    """The last publication seen of each agent's day; it covers the intervals that start on the day."""
    days = defaultdict(list)
    key = ("agent_email", "starts_at", "published_at")
    for entity in entities(world.rows("schedule_intervals"), key, "updated_at", world.as_of):
        row = entity.row
        if row.get("published_at") is None or row["published_at"] <= world.as_of:
            days[row["agent_email"], world.local_day(row["starts_at"])].append(row)
    for (agent, _), rows in days.items():
        stamps = [row["published_at"] for row in rows if row.get("published_at")]
        newest = max(stamps) if stamps else None
        for row in rows:
            if row.get("published_at") == newest:
                yield agent, row["starts_at"], row["ends_at"], row["activity_class"], row.get("team")


def _statuses(world: World) -> Iterator[tuple]:
    """One interval per agent and start, an open one running to `as_of`; of several at once the later start wins."""
    versions = defaultdict(list)
    for loaded, row in enumerate(world.rows("status_intervals")):
        if row["starts_at"] <= world.as_of:
            versions[row["agent_email"], row["starts_at"]].append((loaded, row))
    by_agent = defaultdict(dict)
    for (agent, start), group in versions.items():
        by_agent[agent][start] = _chosen(group, world.as_of)
    for agent, by_start in by_agent.items():
        ends = {start: min(row["ends_at"] or world.as_of, world.as_of) for start, row in by_start.items()}
        for left, right in pairwise(sorted({*ends, *ends.values()})):
            running = [start for start, end in ends.items() if start <= left and right <= end]
            if running:
                yield agent, left, right, by_start[max(running)]["status_class"]


def _chosen(group: list[tuple[int, dict]], as_of: datetime) -> dict:
    """The newest version decides, then a closed interval beats an open one, then the one that was loaded last."""
    written = [(loaded, row) for loaded, row in group if not row.get("updated_at") or row["updated_at"] <= as_of]
    if written:
        stamps = [row["updated_at"] for _, row in written if row.get("updated_at")]
        newest = max(stamps, default=None)
    else:
        newest = min(row["updated_at"] for _, row in group)
    best = [(loaded, row) for loaded, row in group if row.get("updated_at") == newest]
    closed = [(loaded, row) for loaded, row in best if happened(row["ends_at"], as_of) is not None]
    return max(closed or best, key=lambda one: one[0])[1]


def pieces(world: World, start: datetime, end: datetime) -> Iterator[tuple[date, datetime, datetime]]:
    while start < end:
        day = world.local_day(start)
        until = min(end, end_of_day(world, day))
        yield day, start, until
        start = until


def overlap(pieces: list[tuple], others: list[tuple]) -> timedelta:
    """Time in both lists; neither overlaps itself."""
    total = timedelta()
    for left, right, _ in pieces:
        for start, end, _ in others:
            total += max(min(right, end) - max(left, start), timedelta())
    return total


def length(pieces: list[tuple]) -> timedelta:
    return sum((right - left for left, right, _ in pieces), timedelta())
