"""A landing area that changes while it is listed: a file transfer may take away or replace anything at any time."""

import os

import pytest

from ingestion import landing
from ingestion.landing import list_landing


@pytest.fixture
def folder(tmp_path):
    """Three files, two of them in a folder below."""
    folder = tmp_path / "generic" / "calls"
    (folder / "b").mkdir(parents=True)
    for name in ("a.csv", "b/1.csv", "b/2.csv"):
        (folder / name).touch()
    return folder


@pytest.fixture
def scanned(monkeypatch):
    """Does something right after a folder was scanned."""

    def _scanned(after: str, then):
        scandir = os.scandir

        class Scan:
            def __init__(self, path):
                self.path, self.entries = path, scandir(path)

            def __enter__(self):
                return self.entries.__enter__()

            def __exit__(self, *error):
                self.entries.__exit__(*error)
                if self.path.name == after:
                    then()

        monkeypatch.setattr(landing.os, "scandir", Scan)

    return _scanned


def names(landing_area):
    return [file.name for files in list_landing(landing_area).files.values() for file in files]


def test_a_file_that_vanishes_is_not_listed(tmp_path, folder, scanned):
    scanned("b", (folder / "b" / "1.csv").unlink)
    assert names(tmp_path) == ["generic/calls/a.csv", "generic/calls/b/2.csv"]


def test_a_folder_that_vanishes_is_not_listed(tmp_path, folder, monkeypatch):
    scandir = os.scandir

    def removing(path):
        if path.name == "b":
            path.rename(tmp_path / "b")
        return scandir(path)

    monkeypatch.setattr(landing.os, "scandir", removing)
    assert names(tmp_path) == ["generic/calls/a.csv"]


def test_a_landing_area_that_is_not_there_is_empty(tmp_path):
    assert not list_landing(tmp_path / "none").files
