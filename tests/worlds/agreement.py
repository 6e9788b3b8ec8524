"""One world judged: reference against SQL, with a message worth reading and the world saved for replay."""

import tempfile
from pathlib import Path

from tests.reference.catalogue import timeseries
from tests.reference.world import World
from tests.worlds.comparing import differences
from tests.worlds.compiled import Compiled
from tests.worlds.engine import sql_timeseries
from tests.worlds.saving import save
from tests.worlds.shrinking import smallest

SHOWN = 5


def disagreements(compiled: Compiled, world: World) -> list[str]:
    return differences(timeseries(world), sql_timeseries(compiled, world))


def assert_agreement(compiled: Compiled, world: World) -> None:
    """Raises AssertionError with the first differences of the smallest world that still has any."""
    if disagreements(compiled, world):
        world = smallest(world, lambda smaller: bool(disagreements(compiled, smaller)))
        raise AssertionError(_told(world, disagreements(compiled, world)))


def _told(world: World, found: list[str]) -> str:
    path = Path(tempfile.mkdtemp(prefix="world_")) / "world.json"
    save(world, path)
    rows = [f"{name}: {_filled(row)}" for name, rows in world.streams.items() for row in rows]
    shown = [*found[:SHOWN], *([f"… {len(found) - SHOWN} more"] if len(found) > SHOWN else [])]
    where = f"as_of {world.as_of} in {world.settings['time_zone']}; replay with SUPPORT_KPIS_WORLD={path}"
    return "\n".join([where, *rows, *shown])


def _filled(row: dict) -> dict:
    return {name: str(value) for name, value in row.items() if value is not None}
