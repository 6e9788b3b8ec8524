"""What must not matter to the SQL: the order of rows and of loading, 28 days more in UTC, another brand's rows."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

import pytest

from tests.reference.world import World
from tests.worlds.building import build_world
from tests.worlds.comparing import differences
from tests.worlds.engine import sql_timeseries

SEEDS = range(6)
MOVE = timedelta(days=28)


@pytest.mark.parametrize("seed", SEEDS)
def test_order_of_rows_and_of_loading_does_not_matter(compiled, seed):
    world = build_world(Random(seed))
    shuffled = {name: Random(seed + 1).sample(rows, len(rows)) for name, rows in world.streams.items()}
    mixed = replace(world, streams=shuffled)
    assert not differences(sql_timeseries(compiled, world), sql_timeseries(compiled, mixed))


@pytest.mark.parametrize("seed", SEEDS)
def test_four_weeks_later_everything_is_four_weeks_later(compiled, seed):
    """Weeks and weekdays keep their place; months do not and are left out."""
    world = build_world(Random(seed), "UTC")
    utc = [row | {"time_zone": "UTC"} for row in world.configuration["calendars"]]
    world = replace(world, configuration=world.configuration | {"calendars": utc})
    later = World(
        _moved(world.streams), _moved(world.configuration), world.settings, world.as_of + MOVE
    )  # fmt: skip
    before = [
        row | {"period_start": row["period_start"] + MOVE}
        for row in sql_timeseries(compiled, world)
        if row["grain"] != "month"
    ]
    after = [row for row in sql_timeseries(compiled, later) if row["grain"] != "month"]
    assert not differences(before, after)


def _moved(tables: dict[str, list[dict]]) -> dict[str, list[dict]]:
    return {
        name: [{column: _later(value) for column, value in row.items()} for row in rows]
        for name, rows in tables.items()
    }


def _later(value):
    return value + MOVE if isinstance(value, (datetime, date)) else value


@pytest.mark.parametrize("seed", SEEDS)
def test_another_brand_leaves_the_rows_of_the_others(compiled, seed):
    world = build_world(Random(seed))
    other = build_world(Random(seed + 100), world.settings["time_zone"])
    names = ("tickets", "ticket_status_changes", "messages")
    added = {name: [_of_new_brand(row) for row in other.streams[name]] for name in names}
    streams = {name: rows + added.get(name, []) for name, rows in world.streams.items()}
    both = replace(world, streams=streams)
    own = [row for row in sql_timeseries(compiled, world) if row["dimension"] == "brand"]
    kept = [
        row
        for row in sql_timeseries(compiled, both)
        if row["dimension"] == "brand" and row["dimension_value"] != "New brand"
    ]
    assert not differences(own, kept)


def _of_new_brand(row: dict) -> dict:
    ids = {name: f"new-{row[name]}" for name in ("ticket_id", "message_id") if name in row}
    return row | ids | ({"brand": "New brand"} if "brand" in row else {})
