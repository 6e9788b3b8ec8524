"""The smallest world that still fails: rows and cells are taken away while the failure stays."""

from collections.abc import Callable
from dataclasses import replace

from tests.reference.world import World


def smallest(world: World, still_fails: Callable[[World], bool]) -> World:
    """Greedy and deterministic; asks `still_fails` about as often as the world has rows, a few times over."""
    shrunk = True
    while shrunk:
        shrunk = False
        for part in ("streams", "configuration"):
            for table in getattr(world, part):
                world, fewer = _fewer_rows(world, part, table, still_fails)
                shrunk |= fewer
    return world


def _fewer_rows(world: World, part: str, table: str, still_fails: Callable[[World], bool]) -> tuple[World, bool]:
    shrunk = False
    size = len(getattr(world, part)[table])
    while size >= 1:
        start = 0
        while start < len(getattr(world, part)[table]):
            rows = getattr(world, part)[table]
            tried = replace(world, **{part: getattr(world, part) | {table: rows[:start] + rows[start + size :]}})
            if still_fails(tried):
                world, shrunk = tried, True
            else:
                start += size
        size //= 2
    return world, shrunk
