"""One world judged: reference against SQL in every mart under test, with a message worth reading and a saved world."""

import tempfile
from pathlib import Path

from tests.reference.world import World
from tests.worlds.comparing import differences
from tests.worlds.compiled import TIMESERIES, Compiled
from tests.worlds.engine import sql_tables
from tests.worlds.marts import MARTS, mart_differences, reference_tables
from tests.worlds.saving import save
from tests.worlds.shrinking import smallest

SHOWN = 5


def disagreements(compiled: Compiled, world: World) -> list[str]:
    ours, theirs = reference_tables(world), sql_tables(compiled, world)
    found = differences(ours[TIMESERIES], theirs[TIMESERIES])
    return found + [one for table in MARTS for one in mart_differences(table, ours[table], theirs[table])]


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
