"""A forgotten customer is an unknown one: the numbers are those of a world in which nobody ever knew them."""

from dataclasses import replace
from random import Random

import pytest

from ingestion.configuration import Configuration
from ingestion.configuration.settings_file import DEFAULTS
from ingestion.forget import forget_in_lake, known_people
from ingestion.people import person_key
from ingestion.settings import load_settings
from tests.reference.catalogue import timeseries
from tests.reference.world import World
from tests.worlds.building import build_world
from tests.worlds.comparing import differences
from tests.worlds.exporting import in_the_clear, split_files, whole_files
from tests.worlds.landed import KEY, landed_timeseries

SEEDS = (0, 3, 6)
#: KPIs whose definition names the customer.
ASKING = {
    "first_contact_resolution_rate", "repeat_order_count", "repeat_revenue", "repeat_revenue_share",
    "repeat_purchase_rate", "cross_sell_rate", "upsell_rate",
}  # fmt: skip
CUSTOMER_COLUMNS = {
    "requester_email_key": "email", "requester_phone_key": "phone", "customer_email_key": "email",
    "caller_phone_key": "phone", "customer_id_key": "customer_id",
}  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_a_forgotten_customer_is_an_unknown_one(compiled, tmp_path, seed):
    """Forgotten, then the same rows landed again in other files: not one more, and the same numbers."""
    world, home = build_world(Random(seed)), tmp_path / "home"
    known, _ = landed_timeseries(compiled, world, home, [whole_files(world)])
    settings = load_settings(home=home, env={"SUPPORT_KPIS_PII_KEY": KEY})
    email = Random(seed).choice(sorted(_emails(world)))
    key = person_key("email", in_the_clear("email", email), KEY)
    done = forget_in_lake(settings, Configuration(DEFAULTS, {}, "-"), {key: "email"}, "forget")
    assert done.counts["lake_rows"] > 0
    again = split_files(world, Random(seed + 1), 3)
    unknown, (_, night) = landed_timeseries(compiled, world, home, [{}, again])
    assert (night.rows_loaded, night.rows_rejected) == (0, 0) < (night.rows_duplicate,)
    assert not differences(_asking_nobody(known), _asking_nobody(unknown))
    assert not differences(timeseries(_without(world, settings)), unknown)


def _emails(world: World) -> set[str]:
    names = [name for name, kind in CUSTOMER_COLUMNS.items() if kind == "email"]
    return {row.get(name) for rows in world.streams.values() for row in rows for name in names} - {None}


def _asking_nobody(rows: list[dict]) -> list[dict]:
    return [row for row in rows if row["kpi_id"] not in ASKING]


def _without(world: World, settings) -> World:
    people = known_people(settings)

    def cell(name: str, value):
        kind = CUSTOMER_COLUMNS.get(name)
        is_gone = kind and value and people.is_forgotten(person_key(kind, in_the_clear(kind, value), KEY))
        return None if is_gone else value

    streams = {
        stream: [{name: cell(name, value) for name, value in row.items()} for row in rows]
        for stream, rows in world.streams.items()
    }
    return replace(world, streams=streams)
