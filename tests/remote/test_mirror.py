"""Nights over a landing area at a URL: what is fetched, what is not, and what a fault leaves behind."""

import stat
from datetime import timedelta

import pytest
from fsspec.implementations.memory import MemoryFileSystem

from ingestion.errors import RemoteError
from ingestion.remote import opening, state
from tests.remote.conftest import NOW, OLD, calls, full_disk

A, B = "generic/calls/a.csv", "generic/calls/b.csv"


def test_new_and_changed_files_are_fetched_and_others_are_not(lab):
    lab.put(A, calls("C1"))
    assert lab.night() == []
    assert lab.call_ids() == ["C1"]
    assert any(line.startswith("generic/calls: 1 files, 0.2 kB fetched") for line in lab.said)
    local = lab.settings.landing / A
    assert local.stat().st_mtime == OLD.timestamp()
    assert stat.S_IMODE(lab.settings.landing.stat().st_mode) == 0o700
    assert not (lab.settings.home / "landing").exists()

    lab.put(B, calls("C2"))
    lab.night()
    assert lab.fetches == {A: 1, B: 1}
    assert lab.call_ids() == ["C1", "C2"]

    lab.put(A, calls("C1", "C3"), OLD + timedelta(hours=1))
    lab.night()
    assert lab.fetches == {A: 2, B: 1}
    assert lab.call_ids() == ["C1", "C2", "C3"]

    remote = {path: file.getvalue() for path, file in MemoryFileSystem.store.items()}
    assert remote == {f"/kpis/{A}": calls("C1", "C3").encode(), f"/kpis/{B}": calls("C2").encode()}


def test_gone_on_the_remote_side_stays_in_the_mirror(lab):
    lab.put(A, calls("C1"))
    lab.put(B, calls("C2"))
    lab.night()
    del MemoryFileSystem.store[f"/kpis/{A}"]
    assert lab.night() == []
    assert set(lab.mirrored()) == {A, B}


def test_same_size_and_time_but_another_tag_is_another_file_for_loading_too(lab, monkeypatch):
    find = MemoryFileSystem.find

    def tagged(filesystem, *arguments, **options):
        return {path: {**info, "ETag": str(hash(MemoryFileSystem.store[path].getvalue()))}
                for path, info in find(filesystem, *arguments, **options).items()}  # fmt: skip

    monkeypatch.setattr(MemoryFileSystem, "find", tagged)
    lab.put(A, calls("C1"))
    lab.night()
    lab.put(A, calls("C2"))
    lab.night()
    assert lab.call_ids() == ["C1", "C2"]


def test_a_file_that_may_still_be_written_waits(lab):
    lab.put(A, calls("C1"), NOW - timedelta(seconds=59))
    assert lab.night() == [f"1 files may still be written, left for the next night: {A}"]
    assert (lab.mirrored(), lab.call_ids()) == ({}, [])
    lab.now += 1
    assert lab.night() == []
    assert lab.call_ids() == ["C1"]


def test_where_clocks_differ_a_file_is_whole_when_it_has_not_changed_between_listings(lab):
    ahead = NOW + timedelta(hours=1)
    lab.put(A, calls("C1"), ahead)
    assert len(lab.night()) == 1
    lab.now += 59
    assert len(lab.night()) == 1
    lab.put(A, calls("C1", "C2"), ahead)  # it has grown
    lab.now += 2
    assert len(lab.night()) == 1
    lab.now += 60
    assert lab.night() == []
    assert lab.call_ids() == ["C1", "C2"]


def test_what_changes_while_it_is_fetched_is_discarded(lab):
    lab.put(A, calls("C1"))
    lab.put(B, calls("C2"))
    lab.before_fetch = lambda path: lab.put(A, calls("C1", "C3"), NOW) if path.endswith("a.csv") else None
    assert lab.night() == [f"{A}: changed while it was fetched; left for the next night"]
    assert set(lab.mirrored()) == {B}
    lab.before_fetch = lambda path: MemoryFileSystem.store.clear() if path.endswith("a.csv") else None
    lab.now += 60
    assert lab.night() == [f"{A}: gone before it was fetched"]
    assert set(lab.mirrored()) == {B}


def test_a_crash_before_it_is_noted_costs_one_more_fetch_and_no_row(lab, monkeypatch):
    lab.put(A, calls("C1"))
    with monkeypatch.context() as crash:
        crash.setattr(state.RemoteState, "put_fetched", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            lab.night()
    part = lab.settings.landing / "generic/calls/.half.part"
    part.write_text("half a file")
    lab.night(only={("generic", "tickets")})
    assert part.exists(), "somebody may be at work on it"
    lab.night()
    lab.night()
    assert lab.fetches == {A: 2}
    assert lab.call_ids() == ["C1"]
    assert set(lab.mirrored()) == {A}


def test_an_error_in_the_middle_keeps_what_was_fetched(lab):
    def broken(path):
        if path.endswith("b.csv"):
            raise ConnectionResetError("the line went dead")

    lab.put(A, calls("C1"))
    lab.put(B, calls("C2"))
    lab.before_fetch = broken
    with pytest.raises(RemoteError) as error:
        lab.night()
    assert str(error.value) == "the remote landing area memory://kpis cannot be read: the line went dead"
    assert error.value.__context__ is None, "a driver's error would be stored with what it says"
    assert lab.sleeps == [1, 5, 15]
    assert set(lab.mirrored()) == {A}
    lab.before_fetch = lambda path: None
    assert lab.night() == []
    assert lab.fetches == {A: 1, B: 5}
    assert lab.call_ids() == ["C1", "C2"]


def test_a_driver_that_tries_again_itself_is_asked_twice(lab, monkeypatch):
    def broken(path):
        raise ConnectionResetError("the line went dead")

    monkeypatch.setattr(opening, "PATIENT", {"memory"})
    lab.put(A, calls("C1"))
    lab.before_fetch = broken
    with pytest.raises(RemoteError, match="cannot be read: the line went dead"):
        lab.night()
    assert (lab.sleeps, lab.fetches) == ([1], {A: 2})


def test_a_passing_error_is_outlived(lab):
    def once(path):
        lab.before_fetch = lambda path: None
        raise TimeoutError

    lab.put(A, calls("C1"))
    lab.before_fetch = once
    assert lab.night() == []
    assert (lab.sleeps, lab.call_ids()) == ([1], ["C1"])


def test_a_refusal_is_not_tried_again_and_a_full_disk_is_ours(lab):
    def refused(path):
        raise PermissionError("Access Denied")

    lab.put(A, calls("C1"))
    lab.before_fetch = refused
    with pytest.raises(RemoteError, match="cannot be read: Access Denied"):
        lab.night()
    lab.before_fetch = full_disk
    with pytest.raises(OSError, match="No space left on device"):
        lab.night()
    assert lab.sleeps == []
    assert lab.mirrored() == {}


def test_what_retention_took_is_fetched_again_for_a_reload_only(lab):
    lab.put(A, calls("C1"))
    lab.night()
    (lab.settings.landing / A).unlink()
    lab.night()
    assert lab.mirrored() == {}
    lab.night(reload=[("generic", "calls")])
    assert lab.fetches == {A: 2}
    assert lab.call_ids() == ["C1"]


def test_only_streams_that_are_read_and_wanted_are_fetched(lab):
    lab.put(A, calls("C1"))
    lab.put("generic/cals/c.csv", calls("C2"))
    lab.put("generic/tickets/t.csv", "ticket_id\n")
    result = lab.run(only={("generic", "calls")})
    assert result.unknown_streams == ["generic/cals"]
    assert set(lab.mirrored()) == {A}


def test_a_place_that_is_not_there(lab):
    with pytest.raises(RemoteError, match=r"^the remote landing area memory://kpis is not there; make it, or mend"):
        lab.night()
