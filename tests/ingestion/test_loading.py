"""From landing to lake and manifest: once per content, duplicates, versions, archives, crashes, retries, reloads."""

from __future__ import annotations

import io
import os
import random
from dataclasses import replace
from pathlib import Path

import pytest

from ingestion import load as load_module
from ingestion import stream_run as stream_run_module
from ingestion.adapters import STREAMS
from ingestion.streams import Column

CALLS = "generic/calls"
GROUPS = "zendesk/groups"
HEADER = "call_id,arrived_at,direction,outcome,stage_reached,updated_at\n"


def call(n: int, outcome: str = "answered", updated: str = "2026-03-02T09:00:00Z") -> str:
    return f"{n},2026-03-02T08:00:00Z,inbound,{outcome},agent,{updated}\n"


def test_a_content_loads_once_whatever_its_name_or_compression(lab, counts):
    text = HEADER + call(1) + call(2)
    lab.land("generic/calls/a.csv", text)
    assert counts(lab.load(CALLS)) == (2, 2, 0, 0)
    for name in ("b.csv", "deep/er/c.csv.gz", "d.csv.zst"):
        lab.land(f"generic/calls/{name}", text)
    result = lab.load(CALLS)
    assert (result.files_new, counts(result)) == (0, (0, 0, 0, 0))
    assert len(lab.accounting(CALLS)) == 1


def test_equal_rows_are_duplicates_within_and_across_files_and_versions_are_kept(lab, counts):
    lab.land("generic/calls/a.csv", HEADER + call(1) + call(2) + call(1))
    lab.land("generic/calls/b.csv", HEADER + call(3) + call(2).replace("08:00:00Z", "10:00:00+02:00"))
    assert counts(lab.load(CALLS)) == (5, 3, 2, 0)
    lab.land("generic/calls/c.csv", HEADER + call(1, updated="2026-03-03T09:00:00Z") + call(3))
    lab.land("generic/calls/d.csv", HEADER + call(1, updated="2026-03-01T09:00:00Z"))
    assert counts(lab.load(CALLS)) == (3, 2, 1, 0)
    assert lab.rows(CALLS, "call_id, _load_no", "_load_no, call_id") == [
        ("1", 1), ("2", 1), ("3", 2), ("1", 3), ("1", 4)]  # fmt: skip


def test_damaged_archives_are_quarantined_whole(lab, counts):
    lab.land("generic/calls/ok.csv.zst", HEADER + call(0))
    for name in ("a.csv.gz", "b.csv.zst"):
        path = lab.land(f"generic/calls/{name}", HEADER + "".join(call(n) for n in range(500)))
        path.write_bytes(path.read_bytes()[:-30])
    lab.land("generic/calls/c.csv.gz", "").write_bytes(b"no archive")
    result = lab.load(CALLS)
    assert counts(result) == (1, 1, 0, 0)
    assert len(result.quarantined_files) == 3
    assert all("truncated or broken" in m for m in result.messages)
    assert lab.load(CALLS).messages == []
    lab.land("generic/calls/a.csv.gz", HEADER + call(7))
    assert counts(lab.load(CALLS)) == (1, 1, 0, 0)


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_a_bomb_is_refused(lab, suffix):
    lab.land(f"generic/calls/bomb.csv{suffix}", HEADER.encode() + b"0" * (100 << 20))
    assert "times its size: refused" in lab.load(CALLS).messages[0]
    assert list(lab.settings.tmp.glob("unpacked-*")) == []


def test_links_fifos_and_odd_names_in_the_landing_area(lab, counts):
    folder = lab.land("generic/calls/it's; DROP \"x\"\n'.csv", HEADER + call(1)).parent
    outside = lab.settings.home / "secret.csv"
    outside.write_text(HEADER + call(2))
    (folder / "link.csv").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe")
    for name in (b"\xff.csv", b"[1]*?.csv"):
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_text(HEADER + call(name[0]))
    lab.land("generic/nonsense/x.csv", "a\n")
    lab.land("stray.csv", "a\n")
    result = lab.run()
    assert counts(result.streams[("generic", "calls")]) == (3, 3, 0, 0)
    assert result.unknown_streams == ["generic/nonsense"]
    assert len(result.messages) == 4
    assert "\n" not in lab.accounting(CALLS)[0].file_name


def test_a_file_that_may_not_be_read_is_told_every_night_and_holds_up_no_other(lab, counts, monkeypatch):
    lab.land("generic/calls/a.csv", HEADER + call(1))
    lab.land("generic/calls/b.csv", HEADER + call(2))
    opened = stream_run_module.open_content

    def refused(file, *others):
        if file.name.endswith("a.csv"):
            raise PermissionError(13, "Permission denied")
        return opened(file, *others)

    monkeypatch.setattr(stream_run_module, "open_content", refused)
    assert counts(lab.load(CALLS)) == (1, 1, 0, 0)
    assert lab.load(CALLS).quarantined_files == ["generic/calls/a.csv"]
    monkeypatch.undo()
    assert counts(lab.load(CALLS)) == (1, 1, 0, 0)


def test_a_crash_between_lake_file_and_manifest_leaves_nothing(lab, counts, monkeypatch):
    lab.land("generic/calls/a.csv", HEADER + call(1) + "x\n")
    write = load_module.write_rows

    def write_and_die(*arguments):
        write(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(load_module, "write_rows", write_and_die)
    with pytest.raises(KeyboardInterrupt):
        lab.load(CALLS)
    assert len(list(lab.settings.lake.rglob("*.parquet"))) == 1
    assert lab.accounting(CALLS) == []
    monkeypatch.undo()
    assert lab.load("generic/tickets").files_new == 0
    assert counts(lab.accounting(CALLS)[0]) == (2, 1, 0, 1)
    assert [str(p) for p in lab.settings.lake.rglob("*") if p.is_file()] == lab.lake_files(CALLS)


def test_orphans_go_even_without_new_files(lab):
    lab.land("generic/calls/a.csv", HEADER + call(1))
    lab.load(CALLS)
    kept = Path(lab.lake_files(CALLS)[0])
    for orphan in ("orphan.parquet", ".half.parquet.part"):
        kept.with_name(orphan).write_bytes(b"x")
    lab.load(CALLS)
    assert list(kept.parent.iterdir()) == [kept]


def test_what_others_have_not_ended_yet_is_left_to_them(lab):
    lab.land("generic/calls/a.csv", HEADER + call(1))
    lab.load(CALLS)
    theirs = [lab.settings.lake / CALLS / "load_date=2026-03-02" / ".half.parquet.part"]
    theirs += [lab.settings.quarantine / CALLS / ".half.part"]
    for path in theirs:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    lab.run(only={("generic", "tickets")})
    assert all(path.exists() for path in theirs)
    lab.run(only={("generic", "calls")})
    assert not any(path.exists() for path in theirs)


def with_columns(id: tuple[str, str], **columns: Column):
    stream = STREAMS[id]
    return STREAMS | {id: replace(stream, columns=tuple(columns.get(c.name, c) for c in stream.columns))}


def test_rejected_rows_load_when_the_adapter_is_mended(lab, counts):
    lab.land("generic/calls/a.csv", HEADER + call(1) + call(2).replace("inbound", "internal") + "broken\n" + call(3))
    lab.land("generic/calls/b.csv", HEADER + call(4).replace("inbound", "internal"))
    assert counts(lab.load(CALLS)) == (5, 2, 0, 3)
    assert counts(lab.load(CALLS)) == (0, 0, 0, 0)
    wider = with_columns(("generic", "calls"), direction=Column("direction", required=True))
    (lab.settings.landing / CALLS / "a.csv").unlink()
    assert counts(lab.load(CALLS, streams=wider)) == (2, 2, 0, 0)
    assert [counts(row) for row in lab.accounting(CALLS)] == [(4, 3, 0, 1), (1, 1, 0, 0)]
    assert lab.rows(CALLS, "call_id, direction, _row_no", "call_id") == [
        ("1", "inbound", 1), ("2", "internal", 2), ("3", "inbound", 4), ("4", "internal", 1)]  # fmt: skip
    assert "internal" not in lab.quarantined_text() and "broken" in lab.quarantined_text()
    assert counts(lab.load(CALLS, streams=wider)) == (0, 0, 0, 0)


def test_rejected_rows_load_when_a_time_zone_is_configured(lab, counts):
    lab.land("generic/calls/a.csv", HEADER + call(1).replace("08:00:00Z", "08:00:00"))
    assert counts(lab.load(CALLS)) == (1, 0, 0, 1)
    lab.sources = {"generic": {"time_zone": "Asia/Kolkata"}}
    assert counts(lab.load(CALLS)) == (1, 1, 0, 0)
    assert lab.rows(CALLS, "arrived_at::VARCHAR") == [("2026-03-02 02:30:00",)]


@pytest.mark.parametrize("is_gone", [False, True])
def test_quarantined_files_are_tried_again_from_landing_or_copy(lab, counts, is_gone):
    lab.land("generic/calls/a.csv.gz", "call_id,arrived_at\n1,2026-03-02T08:00:00Z\n")
    assert lab.load(CALLS).quarantined_files == ["generic/calls/a.csv.gz"]
    if is_gone:
        (lab.settings.landing / CALLS / "a.csv.gz").unlink()
    names = ("direction", "outcome", "stage_reached")
    lenient = with_columns(("generic", "calls"), **{n: Column(n) for n in names})
    lenient[("generic", "calls")] = replace(lenient[("generic", "calls")], rules=())
    assert counts(lab.load(CALLS, streams=lenient)) == (1, 1, 0, 0)
    assert lab.quarantined_text() == ""
    assert lab.accounting(CALLS)[0].file_name == "generic/calls/a.csv.gz"


def test_reload_forgets_and_reads_again(lab, counts):
    lab.land("generic/calls/a.csv", HEADER + call(1) + "broken\n")
    lab.land("generic/calls/b.csv", HEADER + call(2))
    lab.load(CALLS)
    (lab.settings.landing / CALLS / "b.csv").unlink()
    assert counts(lab.load(CALLS, reload=[("generic", "calls")])) == (2, 1, 0, 1)
    assert lab.rows(CALLS, "call_id, _load_no") == [("1", 3)]
    assert len(lab.accounting(CALLS)) == len(lab.lake_files(CALLS)) == 1


def test_only_the_streams_asked_for(lab):
    lab.land("generic/calls/a.csv", HEADER + call(1))
    assert list(lab.run(only={("generic", "tickets")}).streams) == [("generic", "tickets")]
    assert lab.accounting(CALLS) == []


def test_snapshots_tell_their_size(lab):
    group = '{{"id":{0},"name":"g{0}","created_at":"2026-03-02T08:00:00Z","updated_at":"2026-03-02T08:00:00Z"}}'
    lab.land("zendesk/groups/1.json", '{"groups":[' + ",".join(group.format(n) for n in range(5)) + "]}")
    result = lab.load(GROUPS)
    assert (result.snapshot_rows, result.previous_snapshot_rows) == (5, None)
    assert lab.load(GROUPS).snapshot_rows is None
    for page, numbers in ((2, (0,)), (3, (0, 1))):
        lab.land(f"zendesk/groups/{page}.json", '{"groups":[' + ",".join(group.format(n) for n in numbers) + "]}")
    result = lab.load(GROUPS)
    assert (result.snapshot_rows, result.previous_snapshot_rows, result.rows_loaded) == (2, 5, 0)
    assert result.has_shrunk


def test_a_shrunken_snapshot_is_told_every_night_until_a_whole_one_comes_or_it_is_reloaded(lab):
    group = '{{"id":{0},"name":"g{0}"}}'
    pages = {name: '{"groups":[' + ",".join(map(group.format, range(n))) + "]}" for name, n in (("a", 6), ("b", 1))}
    lab.land("zendesk/groups/a.json", pages["a"])
    lab.run()
    lab.land("zendesk/groups/b.json", pages["b"])
    assert [lab.load(GROUPS).has_shrunk for _ in range(3)] == [True] * 3
    lab.land("zendesk/groups/c.json", pages["a"] + "\n")
    assert [lab.load(GROUPS).has_shrunk for _ in range(2)] == [False] * 2
    lab.land("zendesk/groups/d.json", pages["b"] + "\n")
    assert lab.load(GROUPS).has_shrunk
    for name in "abc":
        (lab.settings.landing / "zendesk" / "groups" / f"{name}.json").unlink()
    assert [lab.load(GROUPS, reload=[("zendesk", "groups")]).has_shrunk for _ in range(2)] == [False] * 2


def test_a_snapshot_stays_whole_in_the_lake(lab):
    """Its old rows count as duplicates; without them the newest export of a schedule would not be the schedule."""
    holiday = '{{"id":{0},"name":"h{0}","start_date":"2026-05-0{0}","end_date":"2026-05-0{0}"}}'
    for night, numbers in enumerate(((1, 2), (2, 3))):
        page = ",".join(holiday.format(n) for n in numbers)
        lab.land(f"zendesk/holidays/{night}.json", f'{{"holidays":[{page}]}}')
    result = lab.load("zendesk/holidays")
    assert (result.rows_read, result.rows_loaded, result.rows_duplicate) == (4, 3, 1)
    assert lab.rows("zendesk/holidays", "holiday_id, _load_no") == [("1", 1), ("2", 1), ("2", 2), ("3", 2)]


@pytest.mark.parametrize("seed", range(12))
def test_every_physical_record_is_accounted_for(lab, counts, seed):
    """Files with random defects of one line each: the counts are known beforehand."""
    chance = random.Random(seed)
    rows = [call(n % 150).strip().split(",") for n in range(200)]
    defects = {"field": 0, "status": 0, "quote": 0}
    lines = []
    for row in rows:
        cells = list(row)
        kind = chance.choice([None] * 8 + list(defects))
        if kind == "field":
            cells.pop()
        elif kind == "status":
            cells[2] = "sideways"
        elif kind == "quote":
            cells[5] = '"' + cells[5]
        if kind:
            defects[kind] += 1
        out = io.StringIO()
        out.write(",".join(cells))
        lines.append(out.getvalue())
    newline = chance.choice(["\n", "\r\n"])
    lab.land(f"generic/calls/{seed}.csv", newline.join([HEADER.strip(), *lines]) + chance.choice(["", newline]))
    result = lab.load(CALLS)
    read, loaded, duplicate, rejected = counts(result)
    assert (read, rejected) == (len(rows), sum(defects.values()))
    assert loaded == len(set(lab.rows(CALLS, "call_id"))) and loaded + duplicate == 200 - rejected
