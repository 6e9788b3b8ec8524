"""Paging by itself: what moves while it is read, vendors that stand still, and rows of the future."""

import json
import random
from dataclasses import dataclass, field

import pytest

from ingestion.pulls.api import Page, Paging
from ingestion.pulls.client import PullError
from ingestion.pulls.paging import Cursor, CursorList, InTurn, Link
from ingestion.pulls.paging_by_number import ByChange, NumberedList, Search

NOW = 1_772_409_600
SIZE = 10
BY_CHANGE = ByChange("since", "epoch", ("at",), ("size", SIZE))


def page(content, rows=None, headers=None) -> Page:
    return Page(json.dumps(content).encode(), content, content if rows is None else rows, headers or {})


def numbered(rows: list[dict], params: dict) -> Page:
    begin = (params["page"] - 1) * params["size"]
    return page(rows[begin : begin + params["size"]])


@dataclass
class Restless:
    """Rows in the order of their change; between two requests some of them change, which moves them to the end."""

    rows: list[dict]
    chance: random.Random
    changes: int = 30
    seen: list[dict] = field(default_factory=list)

    def read(self, paging: Paging, since: int) -> dict:
        position = paging.begin(since, NOW)
        while not position.get("over"):
            params = paging.ask("", position).params
            found = sorted((row for row in self.rows if row["at"] >= params["since"]), key=lambda row: row["at"])
            answer = numbered([dict(row) for row in found], params)
            self.seen += answer.rows
            position = paging.step(position, answer)
            if self.changes:
                self.changes -= 1
                self.chance.choice(self.rows)["at"] = NOW - 1000 + self.changes
        return position


@pytest.mark.parametrize("seed", range(20))
def test_of_many_rows_of_one_second_none_is_lost_while_they_change(seed):
    rows = [{"id": n, "at": NOW - 5000 + (n > 70)} for n in range(140)]
    vendor = Restless(rows, random.Random(seed))
    vendor.read(BY_CHANGE, NOW - 9000)
    missed = [row for row in vendor.rows if row["at"] < NOW - 1000 and row not in vendor.seen]
    assert missed == []


def test_more_pages_of_one_second_than_the_vendor_gives_are_an_error():
    vendor = Restless([{"id": n, "at": NOW - 5000} for n in range(50)], random.Random(0), changes=0)
    few = ByChange("since", "epoch", ("at",), ("size", SIZE), most=3)
    with pytest.raises(PullError, match="more than 3 pages of one second"):
        vendor.read(few, NOW - 9000)


@pytest.mark.parametrize(
    "paging",
    [BY_CHANGE, Search(lambda since, after: {}, ("at",), ("next",)), Link("since", "epoch", ("at",), (), ())],
)
def test_a_row_of_the_future_takes_nothing_along_and_what_is_shown_late_is_asked_for_again(paging):
    found = page([{"id": 1, "at": NOW - 50}, {"id": 2, "at": NOW + 10**8}])
    over = paging.step(paging.begin(NOW - 100, NOW), found)
    assert over["over"] is True
    assert paging.resume(over, NOW + 86400)["since"] == NOW - 60


def test_the_end_of_one_way_is_the_beginning_of_the_next():
    def at(text: str) -> ByChange:
        return ByChange("since", "epoch", ("at",), ("size", SIZE), params=(("filter", text),))

    both, asked = InTurn((at("all"), at("spam"))), []
    position = both.begin(NOW - 100, NOW)
    for count in (SIZE, 1, 0):
        asked.append(dict(both.ask("", position).params))
        position = both.step(position, page([{"id": n, "at": NOW - 50} for n in range(count)]))
    assert [(a["filter"], a["since"], a["page"]) for a in asked] == [
        ("all", NOW - 100, 1),
        ("all", NOW - 50, 1),
        ("spam", NOW - 100, 1),
    ]
    assert position["over"] is True
    resumed = both.resume(position, NOW + 86400)
    assert [one["since"] for one in resumed["each"]] == [NOW - 110, NOW - 160]


def test_a_list_that_does_not_turn_its_pages_is_an_error():
    paging = NumberedList(("size", SIZE))
    same = page([{"id": n} for n in range(SIZE)])
    position = paging.step(paging.begin(0, NOW), same)
    with pytest.raises(PullError, match="does not turn pages"):
        paging.step(position, same)


LISTS = [
    NumberedList(("size", SIZE), "since", "epoch", ("at",), overlap=1000),
    CursorList(SIZE, "since", ("at",), overlap=1000),
]


@pytest.mark.parametrize("paging", LISTS)
def test_a_list_is_read_again_from_some_time_before_its_newest_row_also_when_nothing_is_new(paging):
    def read(position: dict, *rows: dict) -> dict:
        after = paging.step(position, page({"meta": {"has_more": False}}, list(rows)))
        assert after["over"] is True
        return after

    position = read(paging.begin(NOW - 9000, NOW), {"id": 1, "at": NOW - 10}, {"id": 2, "at": NOW - 20})
    for night in range(1, 4):
        resumed = paging.resume(position, NOW + night * 86400)
        assert paging.ask("", resumed).params["since"] == NOW - 1010
        position = read(resumed)


def test_a_cursor_that_stands_still_is_the_end():
    empty = {"after_cursor": "c", "tickets": []}
    cursor = Cursor(("at",))
    first = cursor.step(cursor.begin(NOW - 100, NOW), page(empty, []))
    assert (first["over"], cursor.step(first, page(empty, []))["over"]) == (False, True)
    search = Search(lambda since, after: {}, ("at",), ("pages", "next", "starting_after"))
    rows = [{"id": n, "at": NOW - 100} for n in range(2)]
    again = {"pages": {"next": {"starting_after": "c"}}}
    first = search.step(search.begin(NOW - 100, NOW), page(again, rows))
    assert (first["over"], search.step(first, page(again, rows))["over"]) == (False, True)
    assert search.step(first, page({"pages": {"next": "https://elsewhere.example"}}, rows))["over"] is True
    link = Link("since", "epoch", ("at",), (), ())
    same = {"Link": '<https://shop.example/orders.json?page_info=c>; rel="next"'}
    first = link.step(link.begin(NOW - 100, NOW), page(rows, headers=same))
    assert (first["over"], link.step(first, page(rows, headers=same))["over"]) == (False, True)


def test_rows_out_of_order_are_an_error():
    mixed = page([{"id": 1, "at": NOW - 10}, {"id": 2, "at": NOW - 20}])
    for paging in (BY_CHANGE, Link("since", "epoch", ("at",), (), ())):
        with pytest.raises(PullError, match="not in the order of at"):
            paging.step(paging.begin(NOW - 100, NOW), mixed)
