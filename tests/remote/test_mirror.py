"""Nights over a landing area at a URL: what is fetched, what is not, and what a fault leaves behind."""

import sqlite3
import stat
from datetime import timedelta

import pytest
from fsspec.implementations.memory import MemoryFileSystem

from ingestion.errors import RemoteError
from ingestion.limits import Limits
from ingestion.people import People, person_key
from ingestion.remote import state
from ingestion.remote.mirror import update_mirror
from tests.ingestion.conftest import KEY
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


def test_names_that_lead_elsewhere_are_passed_over(lab):
    names = {
        "generic/calls/../../../../x.csv": "leads out of its folder",
        "generic/./calls/x.csv": "leads out of its folder",
        "generic/calls/.hidden.csv": "is hidden",
        "generic/.calls/x.csv": "is hidden",
        "generic/calls/new\nline.csv": "has control characters in its name",
        f"generic/calls/{'x' * 300}.csv": "has too long a name",
        "generic/stray.csv": "not in a <source>/<stream>/ folder",
        "generic/calls/twice.csv/below.csv": "has the place of generic/calls/twice.csv in the mirror",
        "generic//calls/twice.csv": "has the place of generic/calls/twice.csv in the mirror",
    }
    for name in names:
        lab.put(name, calls("X"))
    lab.put("generic/calls/twice.csv", calls("C1"))
    lab.put("generic//calls/slashes.csv", calls("C2"))
    messages = lab.night()
    told = {name.replace("\n", "\\n"): reason for name, reason in names.items()}
    # The first in path order has the place.
    told["generic/calls/twice.csv"] = "has the place of generic//calls/twice.csv in the mirror"
    told["generic/calls/twice.csv/below.csv"] = "has the place of generic//calls/twice.csv in the mirror"
    del told["generic//calls/twice.csv"]
    assert sorted(messages) == sorted(f"{name}: {reason}, passed over" for name, reason in told.items())
    assert set(lab.mirrored()) == {"generic/calls/twice.csv", "generic/calls/slashes.csv"}


def test_many_names_of_one_reason_are_counted(lab):
    for number in range(9):
        lab.put(f"stray{number}.csv", "")
    messages = lab.night()
    assert messages[2:] == [
        "stray2.csv: not in a <source>/<stream>/ folder, passed over",
        "6 more files: not in a <source>/<stream>/ folder, passed over",
    ]


def test_what_stands_in_the_way_in_the_mirror_is_left_there(lab):
    lab.put(A, calls("C1"))
    lab.put("generic/calls/b.csv/c.csv", calls("C2"))
    (lab.settings.landing / A).mkdir(parents=True)
    (lab.settings.landing / B).write_text(calls("C3"))
    assert lab.night() == [
        f"{A}: a folder of the mirror has its name; move that folder away",
        f"{B}/c.csv: a file of the mirror has the name of its folder; move that file away",
    ]
    assert lab.call_ids() == ["C3"]


def test_files_in_cold_storage_are_passed_over(lab, monkeypatch):
    find = MemoryFileSystem.find
    cold = {"StorageClass": "GLACIER"}
    monkeypatch.setattr(MemoryFileSystem, "find", lambda *a, **k: {p: {**i, **cold} for p, i in find(*a, **k).items()})
    lab.put(A, calls("C1"))
    assert lab.night() == [f"{A}: is in cold storage (GLACIER), passed over"]


def test_a_customer_in_a_name_is_neither_stored_nor_told_once_forgotten(lab):
    name = "generic/calls/kim@example.org.csv"
    lab.put(name, calls("C1"))
    lab.put("generic/calls/2_kim@example.org.csv", calls("C2"), NOW)
    lab.put("stray/kim@example.org.csv", "")
    lab.settings.prepare_home()
    people = People(KEY)
    people = People(KEY, {people.mark(person_key("email", "kim@example.org", KEY)): "email"})
    streams = [("generic", "calls")]
    fetched = update_mirror(lab.settings, Limits(512, None, 1), people, streams, streams, (), lab.said.append)
    assert len(fetched.messages) == 2
    assert "kim" not in " ".join([*fetched.messages, *lab.said])
    assert set(lab.mirrored()) == {name}
    with sqlite3.connect(lab.settings.remote_state_path) as db:
        db.execute("pragma wal_checkpoint(truncate)")
    assert b"kim" not in lab.settings.remote_state_path.read_bytes()


def test_a_place_that_is_not_there(lab):
    with pytest.raises(RemoteError, match=r"^the remote landing area memory://kpis is not there; make it, or mend"):
        lab.night()
