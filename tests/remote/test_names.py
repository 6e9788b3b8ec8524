"""Names on the remote side: which are passed over, and that a forgotten customer in one is neither stored nor told."""

import sqlite3

from fsspec.implementations.memory import MemoryFileSystem

from ingestion.limits import Limits
from ingestion.people import People, person_key
from ingestion.remote.mirror import update_mirror
from tests.ingestion.conftest import KEY
from tests.remote.conftest import NOW, calls

A, B = "generic/calls/a.csv", "generic/calls/b.csv"


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


def test_a_neighbour_and_marks_of_folders_are_nothing(lab, monkeypatch):
    find = MemoryFileSystem.find
    more = {
        path: {"name": path, "size": 0, "type": "file"} for path in ("/kpis2/generic/calls/n.csv", "/kpis/generic/")
    }
    monkeypatch.setattr(MemoryFileSystem, "find", lambda *a, **k: find(*a, **k) | more)
    lab.put(A, calls("C1"))
    assert lab.night() == []
    assert set(lab.mirrored()) == {A}


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
