"""Paging where the vendor only numbers pages: rows in the order of their change, or of a window of time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ingestion.pulls.api import Ask, Page, Position
from ingestion.pulls.client import PullError
from ingestion.pulls.moments import Form, moment_of, written


@dataclass(frozen=True)
class ByChange:
    """Rows in the order of their change, asked for from the last one's instant on.

    A row that changes meanwhile moves to the end, and with it every later row moves one place: numbered pages would
    skip one. So the next page is the first one from the last row's instant on, and its first rows come again. Only
    within one second pages are counted.

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
        moments = _ascending(page, self.moment)
        last = max([position["since"], *moments[-1:]])
        over = len(page.rows) < self.size[1] or last >= position["until"]
        number = 1 if over or last > position["since"] else position["page"] + 1
        if number > self.most:
            raise PullError(
                f"more than {self.most} pages of one second, {written(last, 'iso')}; the vendor gives no more"
            )
        return {"since": last, "until": position["until"], "page": number, "over": over}

    def resume(self, position: Position, until: int) -> Position:
        return self.begin(position["since"], until)

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
        moments = _ascending(page, self.moment)
        last = max([position["since"], *moments[-1:]])
        after: Any = page.content
        for key in self.after:
            after = (after or {}).get(key)
        over = after is None or last >= position["until"]
        kept = after if last == position["since"] else None
        return {"since": last, "until": position["until"], "after": kept, "over": over}

    def resume(self, position: Position, until: int) -> Position:
        return self.begin(position["since"], until)

    def restart(self, position: Position) -> Position | None:
        return self.begin(position["since"], position["until"]) if position.get("after") else None


@dataclass(frozen=True)
class Windows:
    """Numbered pages of one window of time after the other, where the vendor cannot say what changed.

    Every pull begins `overlap` seconds before the end of the one before, for rows that came late or changed since.

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
        return {"from": since, "to": min(since + self.span, until), "until": until, "page": 1, "over": since >= until}

    def ask(self, path: str, position: Position) -> Ask:
        window = {
            self.begin_name: written(position["from"], self.form),
            self.end_name: written(position["to"], self.form),
        }
        return Ask(path, {**dict(self.params), **window, self.number: position["page"], **dict([self.size])})

    def step(self, position: Position, page: Page) -> Position:
        low, high, until = position["from"], position["to"], position["until"]
        total: Any = page.content
        for key in self.total:
            total = (total or {}).get(key)
        if total is None:
            raise PullError(f"the answer does not say how many rows there are ({'.'.join(self.total)})")
        if self.most is not None and total > self.most and high - low > 1:
            return {**position, "to": low + (high - low) // 2, "page": 1, "over": False}
        if page.rows and position["page"] * self.size[1] < total:
            return {**position, "page": position["page"] + 1, "over": False}
        if high >= until:
            return {"from": high, "to": high, "until": until, "page": 1, "over": True}
        return self.begin(high, until)

    def resume(self, position: Position, until: int) -> Position:
        return self.begin(position["from"] - self.overlap, until)

    def restart(self, position: Position) -> Position | None:
        return None


def _ascending(page: Page, fields: tuple[str, ...]) -> list[int]:
    """The rows' instants. Raises PullError where they do not ascend: the next page would leave rows out."""
    moments = [found for row in page.rows if (found := moment_of(row, fields)) is not None]
    if moments != sorted(moments):
        raise PullError(f"the rows of a page are not in the order of {fields[0]}; they cannot be pulled without gaps")
    return moments
