"""Runs that die while quarantined rows or files are tried again: the next one finds everything and counts it once."""

from __future__ import annotations

import pytest

from ingestion import retry
from ingestion.quarantine import Quarantine

HEADER = "ticket_id,created_at,updated_at,status,channel\n"
MENDED = {"generic": {"time_zone": "Europe/Berlin"}}


class KilledError(Exception):
    pass


def killed(*_, **__):
    raise KilledError


def landed(lab):
    """Twenty tickets, two of them without an offset."""
    rows = (f"T{n},2026-03-02T08:00:00{'' if n in (4, 9) else 'Z'},2026-03-02T09:00:00Z,open,email" for n in range(20))
    return lab.land("generic/tickets/a.csv", HEADER + "\n".join(rows) + "\n")


@pytest.mark.parametrize("place", ["before the rows leave quarantine", "after they are loaded"])
def test_rows_survive(lab, counts, monkeypatch, place):
    landed(lab)
    assert counts(lab.load("generic/tickets")) == (20, 18, 0, 2)
    lab.sources = MENDED
    with monkeypatch.context() as patched, pytest.raises(KilledError):
        if place.startswith("before"):
            patched.setattr("ingestion.manifest.Manifest.put_content", killed)
        else:
            patched.setattr(Quarantine, "put_rows", killed)
        lab.run()
    lab.run()
    [row] = lab.accounting("generic/tickets")
    assert counts(row) == (20, 20, 0, 0)
    assert len(lab.rows("generic/tickets")) == 20
    assert "2026-03-02T08" not in lab.quarantined_text()


def test_rows_of_which_some_stay_count_once(lab, counts, monkeypatch):
    path = landed(lab)
    path.write_text(path.read_text() + "T20,yesterday,2026-03-02T09:00:00Z,open,email\n")
    lab.load("generic/tickets")
    lab.sources = MENDED
    with monkeypatch.context() as patched, pytest.raises(KilledError):
        patched.setattr(Quarantine, "put_rows", killed)
        lab.run()
    lab.run()
    [row] = lab.accounting("generic/tickets")
    assert counts(row) == (21, 20, 0, 1)


def test_a_file_survives(lab, counts, monkeypatch):
    page = '{"tickets": [' + ",".join(f'{{"id": {n}, "updated_at": "x", "status": "open"}}' for n in range(5)) + "]}"
    path = lab.land("zendesk/tickets/a.json", page)
    lab.load("zendesk/tickets")
    path.unlink()
    lab.sources = {"zendesk": {"country": "DE"}}
    with monkeypatch.context() as patched, pytest.raises(KilledError):
        patched.setattr(retry, "LandedFile", killed)
        lab.run()
    assert len(lab.load("zendesk/tickets").quarantined_files) == 1


def test_a_log_rotated_while_it_is_read_is_left_for_the_next_run(lab, counts, monkeypatch):
    def lines(first, count):
        return "".join(f"{1267443327 + n}|call{n}|q|NONE|ENTERQUEUE||55{n}|1\n" for n in range(first, first + count))

    path = lab.land("asterisk/queue_log/queue_log", lines(0, 100))
    from ingestion.readers.log import LogReader

    read = LogReader.read

    def rotated(self, *arguments, **options):
        path.rename(path.with_name("queue_log.1"))
        path.write_text(lines(100, 3))
        return read(self, *arguments, **options)

    with monkeypatch.context() as patched:
        patched.setattr(LogReader, "read", rotated)
        assert counts(lab.load("asterisk/queue_log")) == (0, 0, 0, 0)
    assert counts(lab.load("asterisk/queue_log")) == (103, 103, 0, 0)
