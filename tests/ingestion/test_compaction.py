"""Many small lake files become one: rows, duplicates, erasure and what a kill leaves are as they were before."""

from pathlib import Path

import pytest

from ingestion import compaction
from ingestion.forget import forget_in_lake, keys_of
from ingestion.manifest import Manifest

TICKETS = "generic/tickets"
HEADER = "ticket_id,created_at,updated_at,status,channel,requester_email\n"
ROW = "{n},2026-03-01T08:00:00Z,2026-03-01T08:00:00Z,open,email,c{n}@x.example\n"
PLACES = "ticket_id, requester_email_key, _file, _load_no, _row_no, _row_hash"


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch):
    monkeypatch.setattr(compaction, "MOST", 3)


def land(lab, *numbers):
    for n in numbers:
        lab.land(f"{TICKETS}/t{n}.csv", HEADER + ROW.format(n=n) + ROW.format(n=n + 100))


def loaded_before(lab, day):
    """As if all of the stream's files had been loaded on that day."""
    with Manifest(lab.settings.manifest_path) as manifest, manifest.transaction():
        for row in manifest.contents(("generic", "tickets")):
            old = f"{TICKETS}/load_date={row.loaded_at[:10]}/{row.content_hash[:32]}.parquet"
            new = f"{TICKETS}/load_date={day}/{row.content_hash[:32]}.parquet"
            (lab.settings.lake / new).parent.mkdir(exist_ok=True)
            (lab.settings.lake / old).rename(lab.settings.lake / new)
            manifest.forget_lake_files([old])
            manifest.put_lake_file(("generic", "tickets"), new, row.content_hash)


def test_rows_and_accounting_stay_and_the_same_rows_are_duplicates(lab, counts, monkeypatch):
    land(lab, 3, 1, 2)
    lab.run()
    land(lab, 4)
    monkeypatch.setattr(compaction, "MOST", 9)
    lab.run()
    before, accounts = lab.rows(TICKETS, PLACES), lab.accounting(TICKETS)
    assert len(lab.lake_files(TICKETS)) == 4
    monkeypatch.setattr(compaction, "MOST", 3)
    lab.land(f"{TICKETS}/again.csv", HEADER + ROW.format(n=104) + ROW.format(n=1))
    assert counts(lab.load(TICKETS)) == (2, 0, 2, 0)
    assert lab.rows(TICKETS, PLACES) == before
    assert lab.accounting(TICKETS)[:4] == accounts
    assert len(lab.lake_files(TICKETS)) == 1
    assert [str(path) for path in lab.settings.lake.rglob("*.parquet")] == lab.lake_files(TICKETS)
    lab.land(f"{TICKETS}/later.csv", HEADER + ROW.format(n=2) + ROW.format(n=5))
    assert counts(lab.load(TICKETS)) == (2, 1, 1, 0)


def test_rows_lie_in_the_order_of_their_loads(lab):
    land(lab, 4, 2, 3, 1)
    lab.run()
    (file,) = lab.lake_files(TICKETS)
    assert "merged-" in file
    numbers = [number for number, _ in lab.rows(TICKETS, "_load_no, _row_no", order="file_row_number")]
    assert numbers == sorted(numbers)


def test_a_month_that_is_over_becomes_one_file_and_a_night_of_this_month_stays_alone(lab):
    land(lab, 1, 2)
    lab.run()
    loaded_before(lab, "2026-01-31")
    land(lab, 3)
    lab.run()
    days = sorted(file.split("load_date=")[1][:10] for file in lab.lake_files(TICKETS))
    assert len(days) == 2 and days[0] == "2026-01-31"
    assert len(lab.rows(TICKETS)) == 6


def test_where_days_leave_one_by_one_they_stay_apart(lab):
    lab.retention["lake_days"] = 400
    land(lab, 1, 2)
    lab.run()
    loaded_before(lab, "2026-01-30")
    land(lab, 3, 4)
    lab.run()
    with Manifest(lab.settings.manifest_path) as manifest:
        assert len(manifest.lake_files()) == 3, "one of January, two of this month"


def test_a_part_is_no_larger_than_full(lab, monkeypatch):
    land(lab, 1, 2, 3)
    lab.run()
    monkeypatch.setattr(compaction, "FULL", Path(lab.lake_files(TICKETS)[0]).stat().st_size * 3 // 2)
    land(lab, 4)
    lab.run()
    assert len(lab.lake_files(TICKETS)) == 2
    assert len(lab.rows(TICKETS)) == 8


def test_who_is_forgotten_leaves_a_merged_file_too(lab):
    land(lab, 1, 2, 3, 4)
    lab.run()
    keys = keys_of("email", "c2@x.example", lab.settings, lab.configuration)
    done = forget_in_lake(lab.settings, lab.configuration, keys, "forget")
    assert (done.counts["lake_rows"], done.counts["lake_files"]) == (1, 1)
    without = lab.rows(TICKETS, "ticket_id", order="ticket_id")
    assert len(without) == 8
    assert lab.rows(TICKETS, "count(requester_email_key)", order="1") == [(7,)]
    lab.land(f"{TICKETS}/again.csv", HEADER + ROW.format(n=2))
    assert lab.load(TICKETS).rows_duplicate == 1


def test_a_kill_between_file_and_manifest_leaves_the_old_files(lab, monkeypatch):
    land(lab, 1, 2, 3, 4)

    def die(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Manifest, "merge_lake_files", die)
        with pytest.raises(KeyboardInterrupt):
            lab.run()
    assert len(lab.lake_files(TICKETS)) == 4
    land(lab, 5)
    lab.run()
    assert len(lab.rows(TICKETS)) == 10
    assert [str(path) for path in lab.settings.lake.rglob("*.parquet")] == lab.lake_files(TICKETS)
