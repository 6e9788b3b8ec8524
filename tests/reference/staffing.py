"""mart_staffing_gap (§8 of the catalogue, ruling 43): agents that the calls of a half-hour need, and agents planned."""

from collections import defaultdict
from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil, exp, factorial

from tests.reference.calls import Call
from tests.reference.contacts import History
from tests.reference.workforce import AgentDays, pieces, schedule_at
from tests.reference.world import World

DAYS, WEEKS = 28, 4
HALF_HOUR = 1800
SERVICE_LEVEL = 0.8
Slot = tuple[int, int]


def staffing_gap(world: World, history: History) -> list[dict]:
    last = world.local_day(world.as_of) - timedelta(days=1)
    first = last - timedelta(days=DAYS - 1)
    by_queue: dict[str, list[Call]] = defaultdict(list)
    for call in history.calls:
        entered = call.row.get("queued_at")
        if entered and call.is_offered and call.row.get("queue") and first <= world.local_day(entered) <= last:
            by_queue[call.row["queue"]].append(call)
    planned = _planned(world, first, last)
    queues = {queue: Queue(world, queue, calls, last) for queue, calls in by_queue.items()}
    rows = []
    for queue in queues.values():
        colleagues = [one for one in queues.values() if one.team == queue.team]
        of_team = planned.get(queue.team, {}) if queue.team else {}
        for slot in queue.slots.keys() | of_team.keys():
            share = queue.share(slot, colleagues)
            rows.append(queue.row(slot, of_team.get(slot, Fraction(0)) * share, world.settings["shrinkage"]))
    return rows


class Queue:
    """One queue's calls of the 28 days, by half-hour of the local week; threshold of the last, team the last known."""

    def __init__(self, world: World, name: str, calls: list[Call], last) -> None:
        self.name, self.calls = name, calls
        self.slots: dict[Slot, list[Call]] = defaultdict(list)
        for call in calls:
            self.slots[slot_of(world, call.row["queued_at"])].append(call)
        ordered = sorted(calls, key=lambda call: (call.row["queued_at"], call.row["call_id"]), reverse=True)
        self.team = next((call.team for call in ordered if call.team), None)
        self.threshold = ordered[0].threshold

    def handle_time(self, slot: Slot | None) -> Fraction | None:
        """Of the half-hour's answered calls, else of all of the queue's."""
        for calls in (self.slots.get(slot, []), self.calls):
            times = [_handled(call) for call in calls if call.is_answered and call.row.get("talk_seconds") is not None]
            if times:
                return sum(times, Fraction(0)) / len(times)
        return None

    def load(self, slot: Slot | None = None) -> Fraction:
        """Seconds of work that come in, in a half-hour or in all of the 28 days."""
        calls = self.calls if slot is None else self.slots.get(slot, [])
        return len(calls) * (self.handle_time(slot) or Fraction(0))

    def share(self, slot: Slot, colleagues: list["Queue"]) -> Fraction:
        """Of the team's agents, by offered load; where nothing comes in, by that of the 28 days."""
        for when in (slot, None):
            total = sum(one.load(when) for one in colleagues)
            if total:
                return self.load(when) / total
        return Fraction(1, len(colleagues))

    def row(self, slot: Slot, scheduled: Fraction, shrinkage: float) -> dict:
        calls, handle_time = Fraction(len(self.slots.get(slot, [])), WEEKS), self.handle_time(slot)
        needed = None if calls else 0
        if handle_time is not None:
            agents = agents_for(float(calls * handle_time / HALF_HOUR), float(handle_time), self.threshold)
            needed = ceil(Fraction(agents) / (1 - Fraction(str(shrinkage))))
        return {
            "queue": self.name, "weekday": slot[0], "half_hour": slot[1], "calls": calls,
            "average_handle_time": handle_time, "agents_needed": needed, "agents_scheduled": scheduled,
            "gap": None if needed is None else needed - scheduled,
        }  # fmt: skip


def slot_of(world: World, instant: datetime) -> Slot:
    local = instant.astimezone(world.zone)
    return local.isoweekday(), local.hour * 2 + local.minute // 30


def _handled(call: Call) -> Fraction:
    parts = (call.row.get(name) or 0 for name in ("talk_seconds", "hold_seconds", "wrap_up_seconds"))
    return sum(map(Fraction, parts), Fraction(0))


def _planned(world: World, first, last) -> dict[str, dict[Slot, Fraction]]:
    """Team -> half-hour -> mean agents in productive time, by the local clock. The plan's team, else the agent's."""
    found: dict[str, dict[Slot, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    days = AgentDays(world)
    for agent, begin, finish, kind, named in schedule_at(world):
        for day, start, end in pieces(world, begin, finish):
            team = named or days.team(agent, day)
            while kind == "productive" and team and first <= day <= last and start < end:
                until = min(end, _next_quarter(start))
                seconds = Fraction((until - start) // timedelta(microseconds=1), 1_000_000)
                found[team][slot_of(world, start)] += seconds / (HALF_HOUR * WEEKS)
                start = until
    return found


def _next_quarter(instant: datetime) -> datetime:
    """Half-hours of every zone begin on quarter-hours of UTC."""
    return instant.replace(minute=instant.minute // 15 * 15, second=0, microsecond=0) + timedelta(minutes=15)


def waiting_share(agents: int, load: float) -> float:
    """Erlang C: the share of calls that wait."""
    full = load**agents / factorial(agents) * agents / (agents - load)
    return full / (sum(load**k / factorial(k) for k in range(agents)) + full)


def agents_for(load: float, handle_time: float, threshold: int) -> int:
    """The fewest that answer 80 % within the threshold; no calls need none."""
    if load == 0:
        return 0
    agents = int(load) + 1
    while 1 - waiting_share(agents, load) * exp(-(agents - load) * threshold / handle_time) < SERVICE_LEVEL:
        agents += 1
    return agents
