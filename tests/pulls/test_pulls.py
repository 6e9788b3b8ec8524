"""What holds for the pull of every API: the rows of the file export, and nothing lost whatever interrupts it."""

import shutil
from dataclasses import replace

import pytest

from ingestion.adapters.api import APIS
from tests.helpers import CHECKOUT
from tests.pulls.accounts import doubled, landed, newest_rows, pulling
from tests.pulls.interruptions import make_small, pull_interrupted
from tests.pulls.server import TestClock


@pytest.mark.parametrize("source", sorted(APIS))
def test_a_pulled_account_gives_the_rows_of_its_file_export(source, accounts, exported, tmp_path):
    with pulling(tmp_path, accounts[source]) as home:
        found = home.pull()
        assert [one.error for one in found.values() if one.error] == []
        assert home.server.refused == 0
        home.ingest()
        pulled, wanted = newest_rows(home.settings, source), exported(source)
        assert pulled.keys() == wanted.keys()
        for stream, rows in wanted.items():
            assert rows and pulled[stream] == rows, stream


@pytest.mark.parametrize("source", sorted(APIS))
def test_what_an_api_needs_is_told(source):
    readme, example = (CHECKOUT / "README.md").read_text(), (CHECKOUT / ".env.example").read_text()
    told = next(line for line in readme.splitlines() if line.startswith(f"| `{source}` | ") and "SUPPORT_KPIS_" in line)
    assert all(f"`{name}`" in told and f"\n{name}=\n" in f"\n{example}" for name in APIS[source].credentials)


def _end_complete(account, seed, tmp_path, *, loads):
    """Interrupted, a pull gives what it gives at one go; loaded, no row stands there twice."""
    with pulling(tmp_path / "interrupted", account) as home:
        make_small(home)
        happened = pull_interrupted(home, seed)
        at_one_go = replace(
            home, settings=replace(home.settings, home=tmp_path / "whole", landing_url=str(tmp_path / "w"))
        )
        at_one_go.pull()
        found, wanted = landed(home.settings, home.vendor.source), landed(at_one_go.settings, home.vendor.source)
        assert wanted and all(records <= found.get(stream, set()) for stream, records in wanted.items())
        if loads:
            home.ingest()
            at_one_go.ingest()
            source = home.vendor.source
            assert newest_rows(home.settings, source) == newest_rows(at_one_go.settings, source)
            assert doubled(home.settings, source) == {}
    return happened


@pytest.mark.parametrize("source", sorted(APIS))
def test_an_interrupted_pull_ends_complete_and_without_duplicates(source, accounts, tmp_path):
    ends = [_end_complete(accounts[source], seed, tmp_path / str(seed), loads=not seed) for seed in range(3)]
    assert sum(happened["killed"] for happened in ends) > 3
    assert any(happened["changed"] for happened in ends) or not accounts[source].vendor(TestClock()).changing


@pytest.mark.long
@pytest.mark.parametrize("source", sorted(APIS))
def test_a_hundred_interrupted_pulls_end_complete(source, accounts, tmp_path):
    for seed in range(100, 200):
        _end_complete(accounts[source], seed, tmp_path / str(seed), loads=seed % 10 == 0)
        shutil.rmtree(tmp_path / str(seed))
