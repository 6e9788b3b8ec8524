"""Paging where the vendor only numbers pages: rows in the order of their change, or of a window of time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ingestion.pulls.api import Ask, Page, Position
from ingestion.pulls.client import PullError
from ingestion.pulls.moments import Form, written
from ingestion.pulls.paging import OVERLAP, ascending, before_newest, latest

#: How often a window is read again whose number of rows changes while it is read.
READINGS = 3


@dataclass(frozen=True)
class ByChange:
    """Rows in the order of their change, asked for from the last one's instant on.

    A row that changes meanwhile moves to the end, and with it every later row moves one place: numbered pages would
    skip one. So the next page is the first one from the last row's instant on, and its first rows come again. Only
    within one second pages are counted, to its end and back: what moved to an earlier page meanwhile is met there.

    since       parameter that says from when on, including that instant.
    moment      fields that hold a row's instant of change, the first that is set counts.
    number      parameter of the page number.  size: parameter and value of a full page.
    most        pages that the vendor gives of one request.
    """

    since: str
    form: Form
    moment: tuple[str, ...]
    size: tuple[str, int]
    number: str = "page"
    most: int = 300
    params: tuple[tuple[str, str | int], ...] = ()

    def begin(self, since: int, until: int) -> Position:
        return {"since": since, "until": until, "page": 1}

    def ask(self, path: str, position: Position) -> Ask:
        since = {self.since: written(position["since"], self.form)}
        return Ask(path, {**dict(self.params), **since, self.number: position["page"], **dict([self.size])})

    def step(self, position: Position, page: Page) -> Position:
        moments = ascending(page, self.moment)
        last = max([position["since"], *moments[-1:]])
        over = len(page.rows) < self.size[1] or last >= position["until"]
        number = 1 if over or last > position["since"] else position["page"] + 1
        if number > self.most:
            raise PullError(
                f"more than {self.most} pages of one second, {written(last, 'iso')}; the vendor gives no more"
            )
        after = {"since": last, "until": position["until"], "page": number, "over": over}
        if "then" in position:
            return {**position, "page": position["page"] - 1} if position["page"] > 1 else position["then"]
        if position["page"] > 1 and number == 1:
            return {**position, "page": position["page"] - 1, "then": after}
        return after

    def resume(self, position: Position, until: int) -> Position:
        return self.begin(_seen(position), until)

    def restart(self, position: Position) -> Position | None:
        return None


@dataclass(frozen=True)
class Search:
    """As ByChange, where a search asks: `body(since, after)` is the request, `after` a cursor within one second.

    after       path of keys to the cursor of the next page.
    """

    body: Callable[[int, Any], dict[str, Any]]
    moment: tuple[str, ...]
    after: tuple[str, ...]

    def begin(self, since: int, until: int) -> Position:
        return {"since": since, "until": until}

    def ask(self, path: str, position: Position) -> Ask:
        return Ask(path, json=self.body(position["since"], position.get("after")))

    def step(self, position: Position, page: Page) -> Position:
        moments = ascending(page, self.moment)
        last = max([position["since"], *moments[-1:]])
        after = _inside(page.content, self.after)
        over = not page.rows or after in (None, position.get("after")) or last >= position["until"]
        kept = after if last == position["since"] else None
        return {"since": last, "until": position["until"], "after": kept, "over": over}

    def resume(self, position: Position, until: int) -> Position:
        return self.begin(_seen(position), until)

    def restart(self, position: Position) -> Position | None:
        return self.begin(position["since"], position["until"]) if position.get("after") else None


@dataclass(frozen=True)
class Windows:
    """Numbered pages of one window of time after the other, where the vendor cannot say what changed.

    Every pull begins `overlap` seconds before the end of the one before, for rows that came late or changed since. A
    window whose number of rows changes while it is read is read again: a page may have lost a row to the one before.

    begin_name, end_name    parameters of the window.
    total       path of keys to the number of rows of the whole window.
    most        rows that the vendor gives of a window: one with more is halved.
    """

    begin_name: str
    end_name: str
    form: Form
    size: tuple[str, int]
    total: tuple[str, ...]
    span: int
    overlap: int
    number: str = "page"
    most: int | None = None
    params: tuple[tuple[str, str | int], ...] = field(default=())

    def begin(self, since: int, until: int) -> Position:
        return self._window(since, until, self.span)

    def ask(self, path: str, position: Position) -> Ask:
        window = {
            self.begin_name: written(position["from"], self.form),
            self.end_name: written(position["to"], self.form),
        }
        return Ask(path, {**dict(self.params), **window, self.number: position["page"], **dict([self.size])})

    def step(self, position: Position, page: Page) -> Position:
        low, high = position["from"], position["to"]
        total, seen = self._total(page), position["seen"] + len(page.rows)
        if self.most is not None and total > self.most and high - low > 1:
            return self._window(low, position["until"], (high - low) // 2)
        is_short = not page.rows and seen < total
        if is_short or total != (position["total"] if position["page"] > 1 else total):
            if position["again"] < READINGS:
                return {**position, "page": 1, "seen": 0, "total": None, "again": position["again"] + 1}
            after = self._next(position)
            return {**after, "note": f"{self._named(position)}: {seen} rows of {total}, read {READINGS + 1} times"}
        if self.most is not None and seen >= self.most and seen < total:
            return {**self._next(position), "note": f"{self._named(position)}: the vendor gives {seen} rows of {total}"}
        if seen < total:
            return {**position, "page": position["page"] + 1, "seen": seen, "total": total}
        return self._next(position)

    def resume(self, position: Position, until: int) -> Position:
        return self.begin(position["from"] - self.overlap, until)

    def restart(self, position: Position) -> Position | None:
        return None

    def _window(self, low: int, until: int, span: int) -> Position:
        window = {"from": low, "to": max(low, min(low + span, until)), "until": until}
        return {**window, "page": 1, "seen": 0, "total": None, "again": 0, "over": low >= until}

    def _next(self, position: Position) -> Position:
        """After a window that was halved, the next one is twice as long, until they are as long as they were."""
        low, high = position["from"], position["to"]
        return self._window(high, position["until"], min(self.span, 2 * (high - low)))

    def _total(self, page: Page) -> int:
        total: Any = page.content
        for key in self.total:
            total = total.get(key) if isinstance(total, dict) else None
        if total is None:
            raise PullError(f"the answer does not say how many rows there are ({'.'.join(self.total)})")
        return int(total)

    def _named(self, position: Position) -> str:
        return " to ".join(str(written(position[name], "iso")) for name in ("from", "to"))


@dataclass(frozen=True)
class NumberedList:
    """A list of which nobody says in what order it comes, in numbered pages: whole every night, or of the newest.

    What is added meanwhile makes rows come again, never stay out; what is deleted meanwhile may hide the row that takes
    its place at the border of two pages, until the next night reads it.

    since       parameter that says from when on; None for a list that is read whole.
    overlap     seconds before the newest row of the last reading from which the next one begins, for rows that changed.
    """

    size: tuple[str, int]
    since: str | None = None
    form: Form = "iso"
    moment: tuple[str, ...] = ()
    overlap: int = 0
    number: str = "page"

    def begin(self, since: int, until: int) -> Position:
        return {"from": since, "since": since, "until": until, "page": 1}

    def ask(self, path: str, position: Position) -> Ask:
        since = {self.since: written(position["from"], self.form)} if self.since else {}
        return Ask(path, {**since, self.number: position["page"], **dict([self.size])})

    def step(self, position: Position, page: Page) -> Position:
        first = page.rows[0].get("id") if page.rows else None
        if first is not None and first == position.get("first"):
            raise PullError(f"page {position['page']} is the one before again; the vendor does not turn pages")
        newest, over = latest(page, self.moment, position["since"]), len(page.rows) < self.size[1]
        return {**position, "since": newest, "page": position["page"] + 1, "first": first, "over": over}

    def resume(self, position: Position, until: int) -> Position:
        return {**before_newest(position, self.overlap, until), "page": 1}

    def restart(self, position: Position) -> Position | None:
        return None


def _seen(position: Position) -> int:
    """Up to when a pull that is over has seen everything. A little less, for what the vendor shows late; never more
    than when it was asked, whatever instants rows of the future have."""
    return min(position["since"], position["until"]) - OVERLAP


def _inside(content: Any, keys: tuple[str, ...]) -> Any:
    """The value at a path of keys; None where there is none."""
    for key in keys:
        content = content.get(key) if isinstance(content, dict) else None
    return content
