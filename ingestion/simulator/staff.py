"""Agents at work: shifts, absences, and the queue discipline (first come, first served, several servers).

Belongs here: who is free when. Does not belong here: what the customers want, vendor formats.
"""

import heapq
import math
from random import Random

from ingestion.simulator.incidents import Incident, Kind
from ingestion.simulator.output import DAY, Calendar
from ingestion.simulator.world import CHANNELS, PHONE_SITES, TEAMS, Agent, Team

SHIFT = 8 * 3600
LUNCH = 1800
# From this position on a day team has somebody else on every day.
_SPARE = 5


class Pool:
    """The agents of one team. `take` must be called in order of time; that makes first come, first served exact."""

    def __init__(
        self, team: Team, agents: list[Agent], calendar: Calendar, outages: list[tuple[int, int, float]]
    ) -> None:
        self.team, self.agents, self._calendar = team, agents, calendar
        self._outages = [(start, end, math.ceil(len(agents) * share)) for start, end, share in outages]
        first = -calendar.days * DAY
        self._free = [(first, position) for position in range(len(agents))]

    def take(self, at: int, seconds: int, not_after: int | None = None) -> tuple[int, Agent] | None:
        """The next free agent works `seconds` from the returned start; None if that is later than `not_after`."""
        free = self._free
        while True:
            known, position = free[0]
            wanted = known if known > at else at
            if not_after is not None and wanted > not_after:
                return None
            start = self._on_duty(position, wanted)
            if start > wanted:
                heapq.heapreplace(free, (start, position))
                continue
            heapq.heapreplace(free, (start + seconds, position))
            return start, self.agents[position]

    def _on_duty(self, position: int, second: int) -> int:
        """The first instant from `second` on at which the agent is at work."""
        agent = self.agents[position]
        while True:
            second = self._in_shift(agent, second)
            for start, end, reachable in self._outages:
                if start <= second < end and position >= reachable:
                    second = end
                    break
            else:
                return second

    def _in_shift(self, agent: Agent, second: int) -> int:
        if agent.leaves_at is not None and second >= agent.leaves_at:
            return DAY * 10_000
        day = second // DAY - 1
        while True:
            if works_on(agent, day, self._calendar):
                opens = day * DAY + agent.start
                for start, end in shift_parts(agent, opens):
                    if second < end:
                        return max(second, start)
            day += 1


def works_on(agent: Agent, day: int, calendar: Calendar) -> bool:
    """Whether a shift of the agent starts on that day (absences taken out)."""
    return calendar.weekday_of(day) in agent.days and day not in agent.absent


def shift_parts(agent: Agent, opens: int) -> tuple[tuple[int, int], ...]:
    """The working stretches of a shift that starts at `opens`, its break left out."""
    if agent.lunch is None:
        return ((opens, opens + SHIFT),)
    pause = opens - agent.start + agent.lunch
    return ((opens, pause), (pause + LUNCH, opens + SHIFT))


def build_pools(
    calendar: Calendar, contacts_per_day: int, rng: Random, incidents: tuple[Incident, ...]
) -> dict[str, Pool]:
    """Staffs every team for the volume. Whoever a shift cannot do without is never absent."""
    tasks = {team.key: 0.0 for team in TEAMS}
    for channel in CHANNELS:
        tasks[channel.team] += channel.share * contacts_per_day * 1.5
    for site, share in PHONE_SITES:
        tasks[site] += share * contacts_per_day
    tasks["complaints"] = 0.03 * contacts_per_day
    tasks["supervisors"] = 0.008 * contacts_per_day
    pools, number = {}, 0
    for team_no, team in enumerate(TEAMS):
        per_agent = 8 * 60 * team.occupancy * sum(map(len, team.work_days)) / len(team.work_days) / 7
        size = max(team.minimum, math.ceil(tasks[team.key] * team.load_minutes / per_agent) + 2)
        agents = []
        for position in range(size):
            agent = Agent(team_no, position, number)
            number += 1
            if position >= team.minimum or (team.has_lunch and position >= _SPARE):
                agent.absent = frozenset(day for day in range(-calendar.days, 0) if rng.random() < 0.04)
            agents.append(agent)
        outages = [(i.start, i.end, i.amount) for i in incidents if i.kind is Kind.STAFF_OUT and team.key in i.scope]
        pools[team.key] = Pool(team, agents, calendar, outages)
    # One agent of the care team leaves three weeks before the end; the last one hired, so that shifts stay covered.
    pools["care"].agents[-1].leaves_at = -21 * DAY
    return pools
