"""Numbered pages of rows that change, come and go between two pages: none is lost, and every reading ends."""

import random
from types import SimpleNamespace

import pytest

from ingestion.pulls.client import PullError
from ingestion.pulls.paging_by_number import READINGS, ByChange, Windows

CHANGE = ByChange("since", "epoch", ("at",), ("size", 3), most=20)
WINDOWS = Windows("from", "to", "epoch", ("size", 3), ("meta", "total"), span=40, overlap=10)
END = 100


def rows_of(chance, seconds, count=30):
    return {id: chance.choice(seconds) for id in range(count)}


def read(paging, answer, nights=1):
    """Every row that pulls see, and their notes. `answer(params)`: (rows, total)."""
    position, found, notes = paging.begin(0, END), [], []
    for _ in range(5000):
        if position.get("over") and nights == 1:
            return found, notes
        if position.get("over"):
            position, nights = paging.resume(position, END), nights - 1
        rows, total = answer(paging.ask("/", position).params)
        found += [(row["id"], row["at"]) for row in rows]
        position = paging.step(position, SimpleNamespace(rows=rows, content={"meta": {"total": total}}))
        if note := position.pop("note", None):
            notes.append(note)
    raise AssertionError("the pull does not come to its end")


@pytest.mark.parametrize("seed", range(60))
def test_rows_that_change_between_two_pages_are_not_lost(seed):
    chance = random.Random(seed)
    rows, now, changes = rows_of(chance, chance.choice([[5], [5, 6], range(50)])), 60, 0

    def answer(params):
        nonlocal now, changes
        if chance.random() < 0.4 and changes < 20:
            now, changes = now + chance.randrange(2), changes + 1
            rows[chance.choice(list(rows))] = now
        ordered = sorted((at, id) for id, at in rows.items() if at >= params["since"])
        begin = (params["page"] - 1) * 3
        return [{"id": id, "at": at} for at, id in ordered[begin : begin + 3]], None

    # Who changes in the second in which a pull ends is there for the next one.
    found, _ = read(CHANGE, answer, nights=100)
    assert changes == 20
    assert set(rows.items()) <= set(found)


def test_more_rows_of_one_second_than_the_vendor_gives_are_told():
    with pytest.raises(PullError, match="more than 20 pages of one second"):
        read(CHANGE, lambda params: ([{"id": n, "at": 7} for n in range(3)], None))


def windowed(rows, params, gives=3):
    own = sorted(id for id, at in rows.items() if params["from"] <= at < params["to"])
    begin = (params["page"] - 1) * gives
    return [{"id": id, "at": rows[id]} for id in own[begin : begin + gives]], len(own)


@pytest.mark.parametrize("seed", range(60))
def test_rows_that_come_and_go_between_two_pages_take_none_with_them(seed):
    chance = random.Random(seed)
    rows = rows_of(chance, range(1, 100))
    changes = 0

    def answer(params):
        nonlocal changes
        if changes < READINGS and chance.random() < 0.3:
            changes += 1
            if chance.random() < 0.7:
                del rows[chance.choice(list(rows))]
            else:
                rows[-changes] = 3
        return windowed(rows, params)

    found, notes = read(WINDOWS, answer)
    late = {id for id in rows if id < 0}
    assert set(rows.items()) - {(id, 3) for id in late} <= set(found) and notes == []


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 6, 7])
@pytest.mark.parametrize("gives", [2, 3])
def test_the_last_page_of_a_window_may_be_full_short_or_missing(count, gives):
    """`gives`: what the vendor puts on a page, whatever it is asked for."""
    rows = {id: 50 + id for id in range(count)}
    found, notes = read(WINDOWS, lambda params: windowed(rows, params, gives))
    assert sorted(found) == sorted(rows.items()) and notes == []


def test_a_window_with_more_rows_than_the_vendor_gives_is_halved():
    paging = Windows("from", "to", "epoch", ("size", 3), ("meta", "total"), span=100, overlap=10, most=6)
    rows, refused = {id: 90 + id // 5 for id in range(40)} | {-1: 1, -2: 30}, []

    def answer(params):
        assert params["page"] * 3 <= 6, "the vendor refuses this page"
        found, total = windowed(rows, params)
        refused.append(total > 6)
        return found, total

    found, notes = read(paging, answer)
    assert set(found) == set(rows.items()) and any(refused) and notes == []


def test_a_second_with_more_rows_than_the_vendor_gives_is_told():
    paging = Windows("from", "to", "epoch", ("size", 3), ("meta", "total"), span=100, overlap=10, most=6)
    rows = dict.fromkeys(range(9), 50)
    found, notes = read(paging, lambda params: windowed(rows, params))
    assert len(set(found)) == 6
    assert notes == ["1970-01-01T00:00:50Z to 1970-01-01T00:00:51Z: the vendor gives 6 rows of 9"]


def test_a_total_that_never_holds_is_told_and_does_not_keep_the_pull():
    found, notes = read(WINDOWS, lambda params: (windowed({1: 5, 2: 50}, params)[0], 9))
    assert {1, 2} == {id for id, _ in found}
    assert notes[0] == "1970-01-01T00:00:00Z to 1970-01-01T00:00:40Z: 1 rows of 9, read 4 times"


def test_a_pull_begins_again_before_the_end_of_the_last():
    position = WINDOWS.begin(0, END)
    while not position["over"]:
        position = WINDOWS.step(position, SimpleNamespace(rows=[], content={"meta": {"total": 0}}))
    assert WINDOWS.resume(position, END + 50)["from"] == END - 10


def test_an_answer_without_a_total_is_refused():
    with pytest.raises(PullError, match=r"how many rows there are \(meta.total\)"):
        WINDOWS.step(WINDOWS.begin(0, END), SimpleNamespace(rows=[], content={"meta": None}))
