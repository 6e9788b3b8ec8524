"""generic schedule_intervals, status_intervals, evaluations, employee_survey_responses.

Belongs here: what WFM and QA tools and the staff themselves say about the same agents and contacts.
Does not belong here: tickets and calls themselves, surveys of customers (`surveys.py`).
"""

from collections import defaultdict
from pathlib import Path

from ingestion.simulator.incidents import Incident, Kind, active
from ingestion.simulator.output import DAY, WeeklyStream
from ingestion.simulator.staff import SHIFT, shift_parts, works_on
from ingestion.simulator.ticket import Entry, Step, Ticket
from ingestion.simulator.world import ISSUES, TEAMS, Agent

HEADERS = {
    "schedule_intervals": "agent_email,starts_at,ends_at,activity_class,activity,team,published_at",
    "status_intervals": "agent_email,starts_at,ends_at,status_class,status",
    "evaluations": "evaluation_id,version,evaluated_at,item,weight,result,agent_email,team,contact_id,"
    "checklist,is_calibration",
    "employee_survey_responses": "response_id,round_date,team,question,scale_min,scale_max,score",
}
_CHECKLIST = (("greeting", 1), ("solution", 3), ("tone", 2), ("data_protection", 3), ("next_step", 1))
_STATUS_NAMES = {
    "non_productive": "Lunch", "available": "Available", "productive_other": "Coaching", "offline": "Offline",
}  # fmt: skip
_REMEDIES = ("refund", "refund", "replacement", "return", "other")


class PeopleExport:
    """Collects what agents did and what customers said about it, by the day it is exported on."""

    def __init__(self, world, landing: Path, incidents: tuple[Incident, ...]) -> None:
        self._incidents = incidents
        self._world, self._calendar, self._rng, self._count = world, world.calendar, world.rng, 0
        self._streams = {
            name: WeeklyStream(landing, world.calendar, "generic", name, suffixes=(".csv",), header=header)
            for name, header in HEADERS.items()
        }
        self._rows: dict[str, dict[int, list[tuple[int, int, str]]]] = {name: defaultdict(list) for name in HEADERS}
        self._work: dict[int, dict[Agent, list[tuple[int, int, int]]]] = defaultdict(dict)

    def _row(self, stream: str, at: int, row: str) -> None:
        if at < 0:
            self._count += 1
            self._rows[stream][at // DAY].append((at, self._count, row))

    def worked(self, agent: Agent, start: int, contact: int, after: int) -> None:
        """An agent was on a contact for `contact` seconds and then `after` seconds on its paperwork."""
        shift_day = (start - agent.start) // DAY
        self._work[shift_day].setdefault(agent, []).append((start, start + contact, start + contact + after))

    def noticed(self, ticket: Ticket, entry: Entry, before: str) -> None:
        """A solved ticket may be followed by a survey and by an evaluation of the answer."""
        if entry.step is not Step.REPLY:
            return
        contact = f"{ticket.source}/tickets/{ticket.number}"
        if (
            ticket.status == "solved"
            and ISSUES[ticket.issue].category in ("complaint", "return_request")
            and self._rng.random() < 0.4
        ):
            kind = _REMEDIES[ticket.number % len(_REMEDIES)]
            self._world.sales.remedy(ticket, entry.at + 3600 + int(self._rng.expovariate(1 / (2 * DAY))), kind)
        if ticket.status == "solved":
            self._world.surveys.after_reply(ticket, entry, contact)
        if self._rng.random() < 0.03:
            self._evaluate(entry.at + 20 * 3600, entry.agent, contact)

    def recorded(self, call, contact: str) -> None:
        """The recording of an answered call may be evaluated on the next day."""
        if self._rng.random() < 0.05:
            self._evaluate(call.ended + 20 * 3600, call.agent, contact)

    def _evaluate(self, at: int, agent: Agent, contact: str) -> None:
        rng = self._rng
        self._count += 1
        ident, calibration = f"E{self._count}", str(rng.random() < 0.05).lower()
        versions = [(at, 1)] + ([(at + 3 * DAY, 2)] if rng.random() < 0.05 else [])
        for when, version in versions:
            if when >= 0:
                continue
            for item, weight in _CHECKLIST:
                draw = rng.random()
                result = "na" if draw < 0.06 else "fail" if draw < 0.16 else "pass"
                self._row(
                    "evaluations",
                    when,
                    f"{ident},{version},{self._calendar.iso(when)},{item},{weight},{result},{agent.email},"
                    f"{agent.team.name},{contact},standard,{calibration}",
                )

    def _schedule(self, day: int) -> None:
        """The plan of the day, published a week ahead; some days again, and the sick are taken out in the morning."""
        calendar = self._calendar
        first = max((day - 7) * DAY, -calendar.days * DAY)
        for pool in self._world.pools.values():
            for agent in pool.agents:
                if calendar.weekday_of(day) not in agent.days or (
                    agent.leaves_at is not None and day * DAY >= agent.leaves_at
                ):
                    continue
                opens = day * DAY + agent.start
                if day in agent.absent and day % 3:
                    self._shift(day, agent, opens, first)
                    self._planned(day, agent, opens, opens + SHIFT, "sick,sick", opens - 2 * 3600)
                elif day in agent.absent:
                    self._planned(day, agent, opens, opens + SHIFT, "time_off,vacation", first)
                elif (agent.number * 7 + day) % 17 == 0 and first < (day - 2) * DAY:
                    # The first plan was an hour off.
                    self._shift(day, agent, opens + 3600, first)
                    self._shift(day, agent, opens, (day - 2) * DAY)
                else:
                    self._shift(day, agent, opens, first)

    def _shift(self, day: int, agent: Agent, opens: int, published: int) -> None:
        parts = shift_parts(agent, opens)
        for number, (start, end) in enumerate(parts):
            self._planned(day, agent, start, end, "productive,phones_or_tickets", published)
            if number + 1 < len(parts):
                self._planned(day, agent, end, parts[number + 1][0], "non_productive,lunch", published)

    def _planned(self, day: int, agent: Agent, start: int, end: int, activity: str, published: int) -> None:
        iso = self._calendar.iso
        # A shift over the last midnight ends with the history: nothing later may stand in a file.
        if start < 0:
            row = f"{agent.email},{iso(start)},{iso(min(end, 0))},{activity},{agent.team.name},{iso(published)}"
            self._row("schedule_intervals", day * DAY, row)

    def _statuses(self, day: int) -> None:
        """What the agents whose shift began on that day really did."""
        work = self._work.pop(day, {})
        for pool in self._world.pools.values():
            for agent in pool.agents:
                if not works_on(agent, day, self._calendar) or (
                    agent.leaves_at is not None and day * DAY >= agent.leaves_at
                ):
                    continue
                opens = day * DAY + agent.start
                late = int(self._rng.expovariate(1 / 120))
                now = opens + late
                parts = shift_parts(agent, opens)
                breaks = [(end, parts[n + 1][0]) for n, (_, end) in enumerate(parts[:-1])]
                tasks = [(s, e, a, "on_contact") for s, e, a in work.get(agent, ())]
                tasks += [(s, e, e, "non_productive") for s, e in breaks]
                if (agent.number + day) % 9 == 0:
                    tasks.append((opens + 3600, opens + 4500, opens + 4500, "productive_other"))
                self._status(day, agent, opens, now, "offline")
                for start, end, after, status in sorted(tasks):
                    start = max(start, now)
                    if end <= start:
                        continue
                    self._status(day, agent, now, start, "available")
                    self._status(day, agent, start, end, status)
                    self._status(day, agent, end, max(after, end), "after_contact")
                    now = max(after, end)
                self._status(day, agent, now, opens + SHIFT, "available")

    def _status(self, day: int, agent: Agent, start: int, end: int, status: str) -> None:
        if start < min(end, 0):
            name = _STATUS_NAMES.get(status, "Busy")
            # A status that lasts at the end of the history is still open.
            ends = self._calendar.iso(end) if end < 0 else ""
            row = f"{agent.email},{self._calendar.iso(start)},{ends},{status},{name}"
            # Known when the night shift is over, so in the next day's rows.
            self._row("status_intervals", min(max(start, (day + 1) * DAY), -1), row)

    def _employees(self, day: int) -> None:
        """A survey round of the staff every four weeks."""
        rng, date = self._rng, self._calendar.date(day)
        for team in TEAMS:
            hurried = active(self._incidents, Kind.HURRY, day * DAY, team.key) is not None
            # Every fourth keeps silent; the small complaints desk falls below five answers.
            answering = [a for n, a in enumerate(self._world.pools[team.key].agents) if n % 4 != 2]
            for _ in answering:
                for question in ("I would recommend working here", "I have the tools I need"):
                    score = min(10, max(0, round(rng.gauss(6.7 if hurried else 9.3, 1.0))))
                    self._count += 1
                    row = f"W{self._count},{date},{team.name},{question},0,10,{score}"
                    self._row("employee_survey_responses", day * DAY, row)

    def export_day(self, day: int) -> None:
        """Appends the rows of the day. Statuses follow a day later, when night shifts have ended."""
        self._schedule(day)
        self._statuses(day - 1)
        if day == -1:
            self._statuses(day)
        if day % 28 == 14:
            self._employees(day)
        for name, stream in self._streams.items():
            stream.add(day, [row for _, _, row in sorted(self._rows[name].pop(day, ()))])
