"""Publishing: complete or not at all, seven versions, back to an earlier one."""

import json
import stat

import pytest

from orchestration.lib import versions


def write_version(run_id, moment):
    def write(folder):
        (folder / "parquet").mkdir()
        (folder / "manifest.json").write_text(json.dumps({"run_id": run_id, "published_at": f"2026-03-{moment:02}"}))

    return write


def publish(published, *run_ids):
    for moment, run_id in enumerate(run_ids, start=1):
        versions.publish(published, run_id, write_version(run_id, moment))


@pytest.fixture
def published(tmp_path):
    folder = tmp_path / "published"
    folder.mkdir()
    return folder


def test_current_is_a_relative_link_into_versions(published):
    publish(published, "a")
    assert (published / "current").readlink().as_posix() == "versions/a"
    assert {path.name for path in published.iterdir()} == {"current", "versions"}


def test_a_failure_while_writing_leaves_the_published_version(published):
    publish(published, "a")

    def write_half(folder):
        (folder / "support_kpis.duckdb").write_text("half")
        raise OSError("disk gone")

    with pytest.raises(OSError, match="disk gone"):
        versions.publish(published, "b", write_half)
    assert versions.current_version(published) == "a"
    assert versions.newest_first(published) == ["a"]
    publish(published, "c")
    assert {path.name for path in published.iterdir()} == {"current", "versions"}


def test_a_failure_before_the_switch_leaves_the_published_version(published, monkeypatch):
    publish(published, "a")
    monkeypatch.setattr(versions, "switch", lambda *_: (_ for _ in ()).throw(OSError("no switch")))
    with pytest.raises(OSError, match="no switch"):
        versions.publish(published, "b", write_version("b", 2))
    assert versions.current_version(published) == "a"


def test_the_newest_versions_stay_and_the_current_one(published):
    publish(published, *"abcdefghi")
    versions.rollback(published, "a")
    assert versions.prune(published) == ["b"]
    assert versions.newest_first(published) == [*"ihgfedc", "a"]
    assert versions.prune(published, 1) == list("cdefgh")
    assert versions.current_version(published) == "a"


def test_what_a_kill_left_of_a_version_goes(published):
    publish(published, "a")
    (published / "versions" / "half").mkdir()
    (published / "versions" / "half" / "support_kpis.duckdb").write_text("half")
    (published / ".current-half").symlink_to("versions/half")
    assert versions.prune(published) == ["half"]
    assert {path.name for path in published.rglob("*")} == {"current", "versions", "a", "parquet", "manifest.json"}


def test_a_reader_of_the_old_version_goes_on(published):
    publish(published, "a")
    old = (published / "current").resolve()
    publish(published, "b")
    assert json.loads((old / "manifest.json").read_text())["run_id"] == "a"


def test_rollback_goes_one_version_back_or_to_a_named_one(published):
    publish(published, "a", "b", "c")
    assert versions.rollback(published, None) == "b"
    assert versions.rollback(published, None) == "a"
    assert versions.rollback(published, "c") == "c"
    assert versions.current_version(published) == "c"


@pytest.mark.parametrize("wanted", [None, "nowhere", "../../etc"])
def test_rollback_to_what_is_not_there_changes_nothing(published, wanted):
    publish(published, "a")
    with pytest.raises(versions.UnknownVersionError, match="a"):
        versions.rollback(published, wanted)
    assert versions.current_version(published) == "a"


def test_readers_may_read_whatever_the_umask(published):
    def write(folder):
        write_version("a", 1)(folder)
        (folder / "manifest.json").chmod(0o600)
        (folder / "parquet").chmod(0o700)

    version = versions.publish(published, "a", write)
    assert stat.S_IMODE((version / "manifest.json").stat().st_mode) == 0o644
    way = (version / "parquet", version, version.parent, version.parent.parent)
    assert {stat.S_IMODE(path.stat().st_mode) for path in way} == {0o755}


def test_a_linked_version_shares_all_files_but_the_manifest(published):
    def first(folder):
        write_version("a", 1)(folder)
        (folder / "parquet" / "t.parquet").write_text("rows")

    def second(folder):
        versions.link_current(published, folder)
        (folder / "manifest.json").write_text(json.dumps({"run_id": "b", "published_at": "2026-03-02"}))

    versions.publish(published, "a", first)
    versions.publish(published, "b", second)
    old, new = published / "versions" / "a", published / "versions" / "b"
    assert (new / "parquet" / "t.parquet").samefile(old / "parquet" / "t.parquet")
    assert versions.current_manifest(published)["run_id"] == "b"
    assert json.loads((old / "manifest.json").read_text())["run_id"] == "a"
