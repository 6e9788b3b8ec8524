"""After every night of a random history, the tables that were added to are those of a whole build, row for row.

SUPPORT_KPIS_HISTORIES: number of histories (3); SUPPORT_KPIS_HISTORY: the seed of one to play alone.
"""

import os

import pytest

from tests.histories.history import history
from tests.histories.playing import Player

COUNT = int(os.environ.get("SUPPORT_KPIS_HISTORIES", "3"))
ALONE = os.environ.get("SUPPORT_KPIS_HISTORY")


@pytest.mark.parametrize("seed", [int(ALONE)] if ALONE else range(COUNT))
def test_every_night_leaves_the_tables_of_a_whole_build(compiled, tmp_path, seed):
    player, added = Player(tmp_path / "home"), 0
    for number, night in enumerate(history(seed)):
        added += player.play(night)
        found, whole = player.tables(), player.whole(compiled, night)
        assert len(found) > 80 and found.keys() <= whole.keys()
        differing = [name for name in found if found[name] != whole[name]]
        assert not differing, (
            f"history {seed}, night {number} as of {night.world.as_of}: {', '.join(sorted(differing))}"
        )
    assert added > 0, "no night added to the last one"
