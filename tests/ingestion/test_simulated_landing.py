"""The simulator's generic files are what the contract says: every row loads, no column is new."""

from __future__ import annotations

from datetime import date

from ingestion.adapters import STREAMS
from ingestion.simulator import simulate


def test_every_generic_stream_loads_whole(lab, counts):
    lab.settings.landing.mkdir(parents=True, exist_ok=True)
    simulate(lab.settings.landing, days=15, contacts_per_day=600, seed=3, end=date(2026, 3, 2))
    generic = {id for id in STREAMS if id[0] == "generic"}
    result = lab.run(only=generic)
    for id in generic:
        done = result.streams[id]
        read, loaded, duplicate, rejected = counts(done)
        assert loaded > 0, id
        assert (duplicate, rejected, done.new_columns, done.messages) == (0, 0, {}, []), id
        assert read == loaded
