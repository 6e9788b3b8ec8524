"""What must not matter to the way in: how many files the rows come in, in which order, and on how many nights."""

from random import Random

import pytest

from tests.reference.catalogue import timeseries
from tests.worlds.building import build_world
from tests.worlds.comparing import differences
from tests.worlds.exporting import split_files, whole_files
from tests.worlds.landed import landed_timeseries

SEEDS = range(5)
PARTS = 7


@pytest.mark.parametrize("seed", SEEDS)
def test_files_split_in_seven_give_the_same_rows(compiled, tmp_path, seed):
    """Once whole, once in shuffled parts that overlap and come in two nights: both are what the reference says."""
    world = build_world(Random(seed))
    whole, (night,) = landed_timeseries(compiled, world, tmp_path / "whole", [whole_files(world)])
    files = split_files(world, Random(seed + 1), PARTS)
    names = Random(seed + 2).sample(sorted(files), len(files))
    nights = [{name: files[name] for name in names[side::2]} for side in range(2)]
    split, results = landed_timeseries(compiled, world, tmp_path / "split", nights)

    # A world may hold the same row twice; of equal rows one is loaded.
    rows = sum(len({repr(sorted(row.items())) for row in rows}) for rows in world.streams.values())
    assert (night.rows_loaded, night.rows_rejected) == (rows, 0)
    assert sum(result.rows_loaded for result in results) == rows
    assert sum(result.rows_duplicate for result in results) > 0 == sum(result.rows_rejected for result in results)
    assert not differences(whole, split)
    assert not differences(timeseries(world), whole)
