"""The copy of the lake for executors: what is put and taken away, and whose the place is. A store in memory."""

import json
from dataclasses import replace

import pytest
from fsspec.implementations.memory import MemoryFileSystem

from ingestion.errors import ConfigError, RemoteError
from ingestion.remote import opening
from ingestion.settings import load_settings
from orchestration.spark.place import delete_builds, place_of
from orchestration.spark.stored_lake import MARK, put_lake

URL = "memory://bucket/lake"
NAMES = ["generic/calls/load_date=2026-03-02/a.parquet", "generic/tickets/load_date=2026-03-02/b.parquet"]


@pytest.fixture
def stored(monkeypatch) -> dict:
    """Path -> file of the store."""
    monkeypatch.setattr(MemoryFileSystem, "store", {})
    monkeypatch.setattr(opening, "WAITS", ())
    return MemoryFileSystem.store


def home(folder, url=URL):
    """Settings of a home with two files in its lake."""
    settings = load_settings(folder, env={"SUPPORT_KPIS_SPARK_LAKE_URL": url})
    place_of(settings).mkdir(parents=True)
    for number, name in enumerate(NAMES):
        (settings.lake / name).parent.mkdir(parents=True)
        (settings.lake / name).write_bytes(b"x" * (number + 1))
    return settings


def put(settings, names=tuple(NAMES), said=None):
    return put_lake(settings, place_of(settings), names, (said if said is not None else []).append)


def names_in(stored) -> set[str]:
    return {path.removeprefix("/bucket/lake/") for path in stored}


def test_only_what_is_missing_is_put_and_what_is_not_named_goes(tmp_path, stored):
    settings, said = home(tmp_path), []
    assert put(settings, said=said).root == "/bucket/lake"
    assert names_in(stored) == {*NAMES, MARK} and said == [f"lake: 2 of 2 files put to {URL}"]
    kept = stored[f"/bucket/lake/{NAMES[0]}"]
    half = f"/bucket/lake/{NAMES[1]}"
    stored[half].truncate(1)  # what a call that was killed has left of a file, in a store that shows it
    said.clear()
    put(settings, said=said)
    assert said == [f"lake: 1 of 1 files put to {URL}"] and stored[half].getbuffer().nbytes == 2
    put(settings, NAMES[:1])
    assert names_in(stored) == {NAMES[0], MARK} and stored[f"/bucket/lake/{NAMES[0]}"] is kept


def test_a_place_of_somebody_elses_is_left_as_it_is(tmp_path, stored):
    put(home(tmp_path / "one"))
    with pytest.raises(ConfigError, match="holds the lake of another home; name an empty folder"):
        put(home(tmp_path / "two"), NAMES[:1])
    assert names_in(stored) == {*NAMES, MARK}
    MemoryFileSystem().pipe_file("/exports/orders.csv", b"theirs")
    with pytest.raises(ConfigError, match="holds other files; name an empty folder"):
        put(home(tmp_path / "three", "memory://exports"))
    assert stored["/exports/orders.csv"].getvalue() == b"theirs"


def test_forgetting_empties_every_place_that_was_used(tmp_path, stored):
    settings = home(tmp_path)
    assert not delete_builds(replace(settings, home=tmp_path / "never"))
    put(settings)
    other = load_settings(tmp_path, env={"SUPPORT_KPIS_SPARK_LAKE_URL": "memory://second"})
    put(other)
    MemoryFileSystem().pipe_file("/third/theirs", b"theirs")
    with pytest.raises(ConfigError, match=f"a copy of the lake is at {URL}; set SUPPORT_KPIS_SPARK_LAKE_URL to it"):
        delete_builds(other)
    assert json.loads((place_of(settings) / "lakes.json").read_text())["urls"] == [URL, "memory://second"]
    with pytest.raises(ConfigError, match="a copy of the lake is at memory://second"):
        delete_builds(settings)
    assert not names_in(stored) & set(NAMES) and place_of(settings).exists()
    assert delete_builds(other) and not place_of(settings).exists()
    assert set(stored) == {"/third/theirs"}


def test_what_another_home_has_put_there_since_is_not_deleted(tmp_path, stored):
    one, two = home(tmp_path / "one"), home(tmp_path / "two")
    put(one)
    stored.clear()
    put(two)
    assert delete_builds(one)
    assert names_in(stored) == {*NAMES, MARK}


def test_a_store_that_does_not_answer_keeps_what_is_built(tmp_path, stored, monkeypatch):
    settings = home(tmp_path)
    put(settings)

    def away(*arguments, **options):
        raise OSError("connection refused")

    monkeypatch.setattr(MemoryFileSystem, "find", away)
    with pytest.raises(RemoteError, match=r"the lake for Spark .* cannot be listed: connection refused"):
        delete_builds(settings)
    assert place_of(settings).exists()


@pytest.mark.parametrize("url", ["sftp://user@host/lake", "/srv/lake", "file:///srv/lake"])
def test_no_object_store(url, tmp_path):
    with pytest.raises(ConfigError, match="SUPPORT_KPIS_SPARK_LAKE_URL is no object store"):
        put(home(tmp_path, url))
