"""A history of nights from a seed: which files land on which night, the as_of and the settings each is judged by.

A generated world of the generic streams and two simulated centres that share ticket ids, cut into parts that overlap
and landed in any order: versions come late, twice and before older ones. Which tables that makes is not known here.
"""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from ingestion.simulator import simulate
from tests.reference.world import World
from tests.vendors import aircall, intercom, zendesk_talk
from tests.vendors.parity import Month
from tests.worlds.building import build_full_world
from tests.worlds.clock import ZONES
from tests.worlds.exporting import Files, split_files

NIGHTS = 10
#: Of these, nights after another by the same clock, with nothing landed and another configuration.
QUIET = 2
#: A vendor's exports beside the world's, in how many of ten histories.
VENDORS = ("zendesk", "asterisk", "amazon_connect")
#: Vendors who tell what the centre's generic streams tell.
SPELT: dict[str, Callable[[Month], dict[str, str]]] = {
    "zendesk_talk": lambda month: zendesk_talk.exports(zendesk_talk.varied(month.streams["calls"])),
    "aircall": lambda month: aircall.exports(aircall.varied(month.streams["calls"])),
    "intercom": lambda month: intercom.exports(intercom.told(month), with_parts=True),
}
VENDOR_IN_TEN = 6
CENTRE_DAYS, CONTACTS_PER_DAY = 6, 6
#: A file that grows where it lies: as it was on some night before, and whole.
LOG = "asterisk/queue_log"


@dataclass(frozen=True)
class Night:
    """`files`: what lands before it; `world`: as_of, settings and configuration tables it is judged by."""

    files: Files
    world: World


def history(seed: int, nights: int = NIGHTS) -> list[Night]:
    pick = Random(seed)
    world = _exportable(build_full_world(pick, pick.choice(sorted(ZONES))))
    nights -= QUIET
    landed: list[Files] = [{} for _ in range(nights)]
    for name, content in [*split_files(world, pick, nights).items(), *_vendors(pick, world.as_of)]:
        number = pick.randrange(nights)
        landed[number][name] = content
        if LOG in name and number:
            landed[pick.randrange(number)][name] = content[: content.find(b"\n", pick.randrange(len(content))) + 1]
    instants, quiet, judged = _instants(pick, world, nights), pick.sample(range(nights), QUIET), world
    found = []
    for number, (files, as_of) in enumerate(zip(landed, instants, strict=True)):
        judged = replace(judged, as_of=as_of)
        if pick.random() < 0.3:
            judged = _changed(pick, judged)
        found.append(Night(files, judged))
        if number in quiet:
            judged = _changed(pick, judged)
            found.append(Night({}, judged))
    return found


def _exportable(world: World) -> World:
    """What loading makes of texts has no column in an export."""
    kept = {
        name: [{k: v for k, v in row.items() if k != "text_match"} for row in rows]
        for name, rows in world.streams.items()
    }
    return replace(world, streams=kept)


def _instants(pick: Random, world: World, nights: int) -> list[datetime]:
    """Rising, now and then the same twice; most are instants of the world or a moment beside one."""
    told = [value for rows in world.streams.values() for row in rows for value in row.values()]
    known = sorted({value for value in told if isinstance(value, datetime) and value <= world.as_of})
    known = known or [world.as_of]
    near = [pick.choice(known) + timedelta(seconds=pick.choice([0, 0, 0, -1, 3600])) for _ in range(nights)]
    days = [world.as_of - timedelta(days=pick.randrange(12)) for _ in range(nights // 3)]
    return sorted([*pick.sample([*near, *days], nights - 1), world.as_of])


def _changed(pick: Random, world: World) -> World:
    """Another setting, or a table of the configuration without some of its rows."""
    if pick.random() < 0.2:
        return replace(world, settings={**world.settings, "service_level_seconds": pick.choice([20, 30, 40])})
    name = pick.choice(sorted(name for name, rows in world.configuration.items() if rows))
    kept = [row for row in world.configuration[name] if pick.random() < 0.8]
    return replace(world, configuration={**world.configuration, name: kept})


def _vendors(pick: Random, end: datetime) -> Iterator[tuple[str, bytes]]:
    """Exports of two centres with the same ids, some of them twice under another name."""
    wanted = [vendor for vendor in (*VENDORS, *SPELT) if pick.randrange(10) < VENDOR_IN_TEN]
    for number in range(2):
        with tempfile.TemporaryDirectory() as folder:
            landing = Path(folder)
            seed = pick.randrange(1000)
            last = end.date() - timedelta(days=number)
            simulate(landing, days=CENTRE_DAYS, contacts_per_day=CONTACTS_PER_DAY, seed=seed, end=last)
            exported = {
                path.relative_to(landing): path.read_bytes()
                for vendor in wanted
                for path in (landing / vendor).rglob("*")
                if path.is_file()
            }
            month = Month.read(landing / "generic")
            for vendor in SPELT.keys() & wanted:
                told = {Path(name): text for name, text in SPELT[vendor](month).items()}
                exported |= {name.with_name(f"{vendor}-{name.name}"): text.encode() for name, text in told.items()}
        for path in sorted(exported):
            yield f"{path.parent}/{number}-{path.name}", exported[path]
            if pick.random() < 0.2:
                yield f"{path.parent}/again-{number}-{path.name}", exported[path]
