"""Limits: half the machine or the control group, overridden in settings.toml, set in DuckDB; space asked for first."""

import os

import duckdb
import pytest

from ingestion import limits as limits_module
from ingestion.catalogue import kpi_catalogue
from ingestion.configuration import load_configuration
from ingestion.configuration.settings_file import DEFAULTS
from ingestion.errors import ConfigError
from ingestion.landing import LandedFile, list_landing
from ingestion.limits import Limits, NoSpaceError, default_memory_mib, limits_of
from ingestion.manifest import Manifest
from ingestion.run import ingest
from ingestion.settings import load_settings
from ingestion.space import UNPACKED, new_files, require_space
from ingestion.stream_run import BATCH_BYTES


@pytest.fixture
def cgroup(tmp_path, monkeypatch):
    """A machine of 8 GiB; writes the limits of control groups."""
    own, root = tmp_path / "own", tmp_path / "cgroups"
    monkeypatch.setattr(limits_module, "OWN_CGROUP", own)
    monkeypatch.setattr(limits_module, "CGROUPS", root)
    monkeypatch.setattr(limits_module, "_machine_memory", lambda: 3 << 30)

    def set_limits(lines, **limits):
        own.write_text(lines)
        for place, limit in limits.items():
            (root / place).parent.mkdir(parents=True, exist_ok=True)
            (root / place).write_text(f"{limit}\n")

    return set_limits


def test_memory_is_half_of_the_machine_but_no_more_than_a_night_needs(cgroup, monkeypatch):
    assert default_memory_mib() == 1536
    monkeypatch.setattr(limits_module, "_machine_memory", lambda: 64 << 30)
    assert default_memory_mib() == 2560


@pytest.mark.parametrize(
    ("lines", "limits"),
    [
        ("0::/user/job\n", {"user/job/memory.max": 2 << 30, "user/memory.max": "max"}),
        ("0::/user/job\n", {"user/job/memory.max": "max", "user/memory.max": 2 << 30}),
        ("0::/\n", {"memory.max": 2 << 30}),
        ("4:cpu,memory:/box\n3:cpuset:/\n0::/\n", {"memory/box/memory.limit_in_bytes": 2 << 30}),
    ],
)
def test_or_half_of_the_control_group_where_that_is_less(cgroup, lines, limits):
    cgroup(lines, **limits)
    assert default_memory_mib() == 1024


def test_a_group_without_a_limit_or_with_a_higher_one_changes_nothing(cgroup):
    cgroup(
        "4:memory:/box\n0::/box\n", **{"memory/box/memory.limit_in_bytes": 9223372036854771712, "box/memory.max": "max"}
    )
    assert default_memory_mib() == 1536


def configured(tmp_path, text):
    settings = load_settings(home=tmp_path / "home", env={})
    settings.config.mkdir(parents=True)
    (settings.config / "settings.toml").write_text(text)
    return settings, load_configuration(settings, kpi_catalogue())


def test_the_settings_reach_duckdb(tmp_path):
    _, configuration = configured(tmp_path, "[limits]\nmemory_mib = 300\ntemp_mib = 77\n")
    limits = limits_of(configuration.settings)
    assert limits.free_mib == DEFAULTS["limits"]["free_mib"]
    with duckdb.connect(config=limits.of_duckdb(tmp_path / "spill")) as connection:
        names = ("memory_limit", "max_temp_directory_size", "temp_directory")
        found = [connection.execute("select current_setting(?)", [name]).fetchall()[0][0] for name in names]
    assert found == ["300.0 MiB", "77.0 MiB", str(tmp_path / "spill")]


def test_without_a_limit_of_its_own_temporary_space_is_as_duckdb_has_it(tmp_path):
    assert "max_temp_directory_size" not in limits_of(DEFAULTS).of_duckdb(tmp_path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[limits]\nmemory_mib = -1\n", "config/settings.toml:2: memory_mib -1 is no whole number from 0 up"),
        ("[limits]\n\nfree_mb = 1\n", "config/settings.toml:3: unknown key 'free_mb'; use one of memory_mib, temp_mib"),
        ("[retention]\nversions = 0\n", "config/settings.toml:2: versions 0 is no whole number from 1 up"),
        ("[retention]\nlake_days = '30'\n", "config/settings.toml:2: lake_days '30' is no whole number from 0 up"),
        ("retention = 7\n", "config/settings.toml:1: retention is no table"),
    ],
)
def test_wrong_limits_and_ages_are_refused(tmp_path, text, message):
    with pytest.raises(ConfigError) as error:
        configured(tmp_path, text)
    assert str(error.value).startswith(message)


def test_a_disk_without_room_is_refused_with_place_amounts_and_reason(tmp_path):
    limits = Limits(memory_mib=1, temp_mib=None, free_mib=1 << 30)
    with pytest.raises(NoSpaceError, match=rf"^a load may need 3 MiB and 1073741824 MiB .* are free under {tmp_path}$"):
        limits.require_space(tmp_path, (2 << 20) + 1, "a load")
    Limits(1, None, 0).require_space(tmp_path, 1, "a load")


def test_loading_asks_for_the_unpacked_size_of_what_is_new(tmp_path, monkeypatch):
    settings = load_settings(home=tmp_path / "home", env={})
    settings.prepare_home()
    folder = settings.landing / "generic" / "calls"
    folder.mkdir(parents=True)
    (folder / "a.csv").write_bytes(b"x" * 1000)
    (folder / "b.csv.gz").write_bytes(b"x" * 100)
    asked = {}
    monkeypatch.setattr(Limits, "require_space", lambda self, place, needed, what: asked.update({place.name: needed}))
    id = ("generic", "calls")
    with Manifest(settings.manifest_path) as manifest:
        landed = list_landing(settings.landing).files[id]
        require_space(settings, Limits(1, None, 0), new_files(manifest, id, landed, reload=False), 1)
        assert (asked["lake"], asked["tmp"]) == (1000 + UNPACKED * 100, UNPACKED * 100)
        with manifest.transaction():
            manifest.put_path(id, landed[0].name, landed[0].size, landed[0].mtime_ns, "hash")
        require_space(settings, Limits(1, None, 0), new_files(manifest, id, landed, reload=False), 1)
        assert asked["lake"] == UNPACKED * 100
        require_space(settings, Limits(1, None, 0), new_files(manifest, id, landed, reload=True), 1)
        assert asked["lake"] == 1000 + UNPACKED * 100


def test_streams_side_by_side_may_unpack_a_batch_each(tmp_path, monkeypatch):
    settings = load_settings(home=tmp_path / "home", env={})
    asked = {}
    monkeypatch.setattr(Limits, "require_space", lambda self, place, needed, what: asked.update({place.name: needed}))
    files = [LandedFile(tmp_path / f"{n}.csv.gz", f"{n}.csv.gz", BATCH_BYTES, 0) for n in range(9)]
    for at_once, most in ((1, UNPACKED + 1), (4, 4 * (UNPACKED + 1)), (100, 9 * UNPACKED)):
        require_space(settings, Limits(1, None, 0), files, at_once)
        assert asked["tmp"] == most * BATCH_BYTES


def test_files_that_this_run_does_not_read_need_no_space(tmp_path, monkeypatch):
    settings, configuration = configured(tmp_path, "")
    for stream in ("generic/calls", "generic/tickets", "acme/dumps"):
        (settings.landing / stream).mkdir(parents=True)
        (settings.landing / stream / "a.csv").touch()
        os.truncate(settings.landing / stream / "a.csv", 1 << 40)
    asked = {}
    monkeypatch.setattr(Limits, "require_space", lambda self, place, needed, what: asked.update({place.name: needed}))
    ingest(settings, configuration, only={("zendesk", "groups")}, run_id="r")
    assert asked["lake"] == asked["tmp"] == 0


def test_loading_begins_with_the_question(tmp_path):
    settings, configuration = configured(tmp_path, f"[limits]\nfree_mib = {1 << 40}\n")
    with pytest.raises(NoSpaceError, match="raw: loading 0 new exports"):
        ingest(settings, configuration, run_id="r")
