"""Modes of a home, whatever the umask and whoever made it before."""

import os
import stat
from pathlib import Path

import pytest

from ingestion import modes
from ingestion.settings import load_settings

HEADER = "ticket_id,created_at,updated_at,status,channel,requester_email\n"
ROW = "1,2026-03-02T08:00:00Z,2026-03-02T08:00:00Z,open,email,kim@example.org\n"
BAD = "2,yesterday,2026-03-02T08:00:00Z,open,email,kim@example.org\n"


@pytest.fixture(params=[0o000, 0o077])
def umask(request):
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def modes_of(home, *names):
    paths = [path for name in names for path in ((home / name), *(home / name).rglob("*")) if path.exists()]
    return {str(path.relative_to(home)): stat.S_IMODE(path.stat().st_mode) for path in paths}


def test_what_holds_people_is_for_its_owner_alone(umask, lab, tmp_path):
    """`lab` has a key of its own; the second home makes one."""
    lab.land("generic/tickets/t.csv", HEADER + ROW + BAD)
    lab.run()
    _expect_modes(lab.settings.home)
    made = load_settings(home=tmp_path / "made", env={})
    assert len(made.pii_key) == 64
    made.prepare_home()
    assert stat.S_IMODE((made.home / "pii.key").stat().st_mode) == 0o600
    assert stat.S_IMODE(made.landing.stat().st_mode) == 0o700


def test_a_home_made_before_is_set_right(umask, lab):
    lab.land("generic/tickets/t.csv", HEADER + ROW + BAD)
    lab.run()
    home = lab.settings.home
    version = home / "published" / "versions" / "v"
    version.mkdir(parents=True)
    (version / "t.parquet").touch()
    (home / "pii.key").write_text("x" * 40)
    for path in (home, *home.rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o666)
    (home / "landing").chmod(0o770)
    lab.settings.prepare_home()
    _expect_modes(home)
    assert stat.S_IMODE((home / "pii.key").stat().st_mode) == 0o600
    assert stat.S_IMODE((home / "landing").stat().st_mode) == 0o770, "somebody delivers there"
    public = modes_of(home, "published")
    assert set(public.values()) == {0o755, 0o644} and public["published/versions/v/t.parquet"] == 0o644


def test_the_special_bits_of_a_shared_home_stay(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    home.chmod(0o1777)
    load_settings(home=home, env={}).prepare_home()
    assert stat.S_IMODE(home.stat().st_mode) == 0o1711


@pytest.mark.parametrize("change", [modes.make_private, modes.open_to_readers])
def test_a_file_that_another_run_removes_meanwhile_is_no_fault(change, tmp_path, monkeypatch):
    """It goes between the look at its mode and the change of it."""
    for name in ("gone", "stays"):
        (tmp_path / name).touch()
        (tmp_path / name).chmod(0o666)
    chmod = Path.chmod

    def chmod_late(path, mode):
        if path.name == "gone":
            path.unlink()
        chmod(path, mode)

    monkeypatch.setattr(Path, "chmod", chmod_late)
    change(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["stays"]
    assert stat.S_IMODE((tmp_path / "stays").stat().st_mode) in (0o600, 0o644)


def _expect_modes(home):
    private = modes_of(home, "lake", "warehouse", "state", "quarantine", "logs", "dagster", "dbt", "tmp")
    assert len(private) > 12
    wide = {name: oct(mode) for name, mode in private.items() if mode & 0o077}
    assert not wide
    assert stat.S_IMODE(home.stat().st_mode) == 0o711, "readers pass through to published"
    assert stat.S_IMODE((home / "published").stat().st_mode) == 0o755
