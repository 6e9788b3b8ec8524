"""A whole world from a source of randomness: a seeded `random.Random`, or one of Hypothesis' that it can shrink."""

from dataclasses import replace
from datetime import datetime
from random import Random

from tests.reference.world import World
from tests.worlds.aiming import interventions, targets
from tests.worlds.calling import calls
from tests.worlds.clock import ZONES, Clock
from tests.worlds.configuring import configuration
from tests.worlds.crowding import Crowd
from tests.worlds.selling import sales
from tests.worlds.staffing import staff
from tests.worlds.surveying import surveys
from tests.worlds.ticketing import tickets
from tests.worlds.words import with_words


def build_world(pick: Random, zone: str | None = None) -> World:
    clock = Clock(pick, zone or pick.choice(sorted(ZONES)))
    streams = tickets(pick, clock, pick.choice([0, 1, 3, 5, 8, 12]))
    ticket_ids = sorted({row["ticket_id"] for row in streams["tickets"]}) or ["T0"]
    streams["calls"] = calls(pick, clock, pick.choice([0, 1, 4, 8, 12]), ticket_ids)
    contact_ids = [f"generic/tickets/{one}" for one in ticket_ids]
    contact_ids += sorted({f"generic/calls/{row['call_id']}" for row in streams["calls"]})
    streams |= surveys(pick, clock, pick.choice([0, 0, 6, 14]), contact_ids)
    streams |= sales(pick, clock, pick.choice([0, 0, 3, 8]), ticket_ids)
    streams |= staff(pick, clock, pick.choice([0, 0, 3, 6]))
    for rows in streams.values():
        pick.shuffle(rows)
    return World(streams, configuration(pick, clock), _settings(pick, clock), clock.as_of(sorted(_instants(streams))))


def build_full_world(pick: Random, zone: str | None = None) -> World:
    """The same with what reading KPIs together needs besides: targets, interventions, words, often a crowd."""
    world = build_world(pick, zone)
    today = world.local_day(world.as_of)
    crowd = Crowd(pick, world.as_of)
    if pick.random() < 0.4:
        added = crowd.streams()
        streams = {name: world.rows(name) + added.get(name, []) for name in sorted(world.streams.keys() | added.keys())}
        world = replace(world, streams=streams)
    aims = {
        "targets": targets(pick, today, pick.choice([0, 8, 16]), crowd.days // 2),
        "interventions": interventions(pick, today, pick.choice([0, 2, 4])),
    }
    return with_words(pick, replace(world, configuration=world.configuration | aims))


def _settings(pick: Random, clock: Clock) -> dict:
    return {
        "time_zone": clock.name,
        "short_abandon_seconds": pick.choice([5, 5, 10, 0]),
        "service_level_seconds": pick.choice([20, 20, 30]),
        "fcr_window_days": pick.choice([7, 7, 2]),
        "shrinkage": 0.3,
    }


def _instants(streams: dict[str, list[dict]]) -> set[datetime]:
    return {value for rows in streams.values() for row in rows for value in row.values() if isinstance(value, datetime)}
