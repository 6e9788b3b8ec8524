"""Schedules and status intervals of a generated world: shifts over midnight, re-published days, open statuses."""

from datetime import timedelta
from random import Random

from tests.worlds.clock import Clock
from tests.worlds.configuring import TEAMS
from tests.worlds.ticketing import AGENTS, SCHEDULED_ONLY, key_of

STATUSES = ["available", "on_contact", "after_contact", "productive_other", "non_productive", "offline"]


def staff(pick: Random, clock: Clock, days: int) -> dict[str, list[dict]]:
    streams: dict[str, list[dict]] = {"schedule_intervals": [], "status_intervals": []}
    for agent in [*AGENTS[:2], SCHEDULED_ONLY]:
        for number in range(days):
            _day(pick, clock, agent, number, streams)
    return streams


def _day(pick: Random, clock: Clock, agent: str, number: int, streams: dict[str, list[dict]]) -> None:
    """Perhaps a schedule, published up to three times; perhaps a row of statuses that fits it more or less."""
    named = {"agent_email": agent, "agent_email_key": key_of(agent)}
    day = clock.first + timedelta(days=number)
    begin = clock.local(day, pick.choice([0, 8, 9, 20, 22]))
    published = [None, begin - timedelta(days=2), begin - timedelta(days=1), begin + timedelta(hours=1)]
    for stamp in pick.sample(published, pick.choice([0, 1, 1, 2, 3])):
        moment, team = begin, pick.choice(TEAMS)
        for _ in range(pick.choice([1, 2, 3])):
            until = moment + timedelta(minutes=pick.choice([30, 60, 240]))
            kind = pick.choice(["productive", "productive", "non_productive", "time_off", "sick"])
            streams["schedule_intervals"].append({
                **named, "starts_at": moment, "ends_at": until, "activity_class": kind, "activity": None,
                "team": team, "published_at": stamp, "updated_at": None,
            })  # fmt: skip
            moment = until
    moment = begin + timedelta(minutes=pick.choice([-15, 0, 0, 10]))
    for _ in range(pick.choice([0, 0, 2, 4])):
        until = moment + timedelta(minutes=pick.choice([5, 30, 90, 240]))
        row = {
            **named, "starts_at": moment, "ends_at": until, "status_class": pick.choice(STATUSES),
            "status": None, "updated_at": None,
        }  # fmt: skip
        if pick.random() < 0.15:
            streams["status_intervals"].append(row | {"ends_at": None})
            row = row if pick.random() < 0.5 else None
        if row:
            streams["status_intervals"].append(row)
        moment = until - timedelta(minutes=pick.choice([0, 0, 0, 2]))
    unique = {
        (row["agent_email"], row["starts_at"], row["ends_at"] is None): row for row in streams["status_intervals"]
    }
    streams["status_intervals"] = list(unique.values())
