"""Paging where the vendor says how to go on: by a cursor, by an end time, by a link; and lists that are read whole."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from requests.utils import parse_header_links

from ingestion.pulls.api import Ask, Page, Paging, Position
from ingestion.pulls.client import PullError
from ingestion.pulls.moments import Form, moment_of, written

#: How far back a pull begins anew, after its end or when the vendor has forgotten its cursor: what was changed within
#: one second may stand on either side of a border, and a vendor may show a change some seconds after its instant.
OVERLAP = 60
#: Zendesk holds back what changed in the last minute, and refuses to be asked for it.
HELD_BACK = 60


def position_after(paging: Paging, position: Position, page: Page) -> Position:
    """Where a page leads. Raises PullError where it does not lead on."""
    try:
        found = paging.step(position, page)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise PullError(f"an answer is not of the shape that the vendor documents ({error!r})") from error
    if found == position:
        raise PullError("the vendor names the same page as the next one; the next run asks for it again")
    return found


@dataclass(frozen=True)
class Cursor:
    """A cursor from page to page and from night to night.

    moment      fields that hold a row's instant of change, for a pull that begins anew without its cursor.
    params      sent with every request.
    """

    moment: tuple[str, ...]
    params: tuple[tuple[str, str | int], ...] = ()

    def begin(self, since: int, until: int) -> Position:
        return {"since": since, "until": until}

    def ask(self, path: str, position: Position) -> Ask:
        start = {"cursor": position["cursor"]} if position.get("cursor") else {"start_time": position["since"]}
        return Ask(path, {**dict(self.params), **start})

    def step(self, position: Position, page: Page) -> Position:
        since = latest(page, self.moment, position["since"])
        cursor = page.content.get("after_cursor") or position.get("cursor")
        stands_still = not page.rows and cursor == position.get("cursor")
        over = bool(page.content.get("end_of_stream")) or since >= position["until"] or stands_still
        return {"since": since, "until": position["until"], "cursor": cursor, "over": over}

    def resume(self, position: Position, until: int) -> Position:
        return {"since": position["since"], "until": until, "cursor": position.get("cursor")}

    def restart(self, position: Position) -> Position | None:
        if not position.get("cursor"):
            return None
        return {"since": position["since"] - OVERLAP, "until": position["until"]}


@dataclass(frozen=True)
class EndTime:
    """Each page says where the next begins. The row at the border comes again; what is caught up answers with it alone.

    size        records of a full page: fewer of them within one second are the end, more cannot be told apart.
    """

    size: int
    params: tuple[tuple[str, str | int], ...] = ()

    def begin(self, since: int, until: int) -> Position:
        return {"since": min(since, until - HELD_BACK), "until": until}

    def ask(self, path: str, position: Position) -> Ask:
        return Ask(path, {**dict(self.params), "start_time": position["since"]})

    def step(self, position: Position, page: Page) -> Position:
        since, until = position["since"], position["until"]
        end = max(_end_time(page, since), since)
        over = bool(page.content.get("end_of_stream")) or len(page.rows) <= 1 or end >= until
        after: Position = {"since": end, "until": until, "over": over}
        if end == since and not over:
            if len(page.rows) < self.size:
                return {**after, "over": True}
            note = f"{self.size} or more records of one second, {written(end, 'iso')}: the vendor may hold back others"
            return {**after, "since": end + 1, "note": note}
        return after

    def resume(self, position: Position, until: int) -> Position:
        return self.begin(position["since"], until)

    def restart(self, position: Position) -> Position | None:
        return None


@dataclass(frozen=True)
class Link:
    """The next page stands in the `Link` header; only its `page_info` is taken over, never its host.

    since       parameter of the first request that says from when on; moment: as of Cursor, rows ascend by it.
    params      sent with the first request only: `page_info` stands for them, and is refused beside any of them.
    always      sent with every request.
    """

    since: str
    form: Form
    moment: tuple[str, ...]
    params: tuple[tuple[str, str | int], ...]
    always: tuple[tuple[str, str | int], ...]

    def begin(self, since: int, until: int) -> Position:
        return {"from": since, "since": since, "until": until}

    def ask(self, path: str, position: Position) -> Ask:
        if info := position.get("page_info"):
            return Ask(path, {**dict(self.always), "page_info": info})
        first = {**dict(self.params), self.since: written(position["from"], self.form)}
        return Ask(path, {**dict(self.always), **first})

    def step(self, position: Position, page: Page) -> Position:
        since = max([position["since"], *ascending(page, self.moment)[-1:]])
        links = parse_header_links(page.headers.get("Link", ""))
        following = next((link["url"] for link in links if link.get("rel") == "next"), "")
        info = (parse_qs(urlsplit(following).query).get("page_info") or [None])[0]
        over = info in (None, position.get("page_info")) or since >= position["until"]
        return {"from": position["from"], "since": since, "until": position["until"], "page_info": info, "over": over}

    def resume(self, position: Position, until: int) -> Position:
        return self.begin(min(position["since"], position["until"]) - OVERLAP, until)

    def restart(self, position: Position) -> Position | None:
        return self.begin(position["since"] - OVERLAP, position["until"]) if position.get("page_info") else None


@dataclass(frozen=True)
class CursorList:
    """A list with a cursor that lasts for one reading: whole every night, or of the newest.

    since       parameter that says from when on; None for a list that is read whole.
    overlap     seconds before the newest row of the last reading from which the next one begins, for rows that changed.
    """

    size: int = 100
    since: str | None = None
    moment: tuple[str, ...] = ()
    overlap: int = 0
    params: tuple[tuple[str, str | int], ...] = ()

    def begin(self, since: int, until: int) -> Position:
        return {"from": since, "since": since, "until": until}

    def ask(self, path: str, position: Position) -> Ask:
        since = {self.since: position["from"]} if self.since else {}
        after = {"page[after]": position["after"]} if position.get("after") else {}
        return Ask(path, {**dict(self.params), **since, "page[size]": self.size, **after})

    def step(self, position: Position, page: Page) -> Position:
        meta = page.content.get("meta") or {}
        after = meta.get("after_cursor") if meta.get("has_more") else None
        newest = latest(page, self.moment, position["since"])
        return {**position, "since": newest, "after": after, "over": after is None}

    def resume(self, position: Position, until: int) -> Position:
        return before_newest(position, self.overlap, until)

    def restart(self, position: Position) -> Position | None:
        if not position.get("after"):
            return None
        return {**self.begin(position["from"], position["until"]), "since": position["since"]}


@dataclass(frozen=True)
class InTurn:
    """The same path asked in several ways, each to its end before the next begins: a list and what it leaves out."""

    ways: tuple[Paging, ...]

    def begin(self, since: int, until: int) -> Position:
        return {"way": 0, "each": [way.begin(since, until) for way in self.ways]}

    def ask(self, path: str, position: Position) -> Ask:
        return self.ways[position["way"]].ask(path, position["each"][position["way"]])

    def step(self, position: Position, page: Page) -> Position:
        at = position["way"]
        after = self.ways[at].step(position["each"][at], page)
        note = {"note": after.pop("note")} if "note" in after else {}
        over = bool(after.get("over"))
        each = [after if number == at else one for number, one in enumerate(position["each"])]
        is_last = at == len(self.ways) - 1
        return {"way": at + (over and not is_last), "each": each, "over": over and is_last, **note}

    def resume(self, position: Position, until: int) -> Position:
        each = [way.resume(one, until) for way, one in zip(self.ways, position["each"], strict=True)]
        return {"way": 0, "each": each}

    def restart(self, position: Position) -> Position | None:
        at = position["way"]
        anew = self.ways[at].restart(position["each"][at])
        if anew is None:
            return None
        return {**position, "each": [anew if number == at else one for number, one in enumerate(position["each"])]}


def ascending(page: Page, fields: tuple[str, ...]) -> list[int]:
    """The rows' instants. Raises PullError where they do not ascend: the next page would leave rows out."""
    moments = [found for row in page.rows if (found := moment_of(row, fields)) is not None]
    if moments != sorted(moments):
        raise PullError(f"the rows of a page are not in the order of {fields[0]}; they cannot be pulled without gaps")
    return moments


def latest(page: Page, moment: tuple[str, ...], since: int) -> int:
    """The newest instant of a page's rows, `since` where none is newer."""
    return max([since, *(found for row in page.rows if (found := moment_of(row, moment)) is not None)])


def before_newest(position: Position, overlap: int, until: int) -> Position:
    """Where a list is read again: `overlap` before its newest row, which stays the newest where nothing is new."""
    newest = min(position["since"], position["until"])
    return {"from": newest - overlap, "since": newest, "until": until}


def _end_time(page: Page, since: int) -> int:
    """Where the page says that the next one begins: in a field of its own, or inside the next page's address."""
    if (end := page.content.get("end_time")) is not None:
        return int(end)
    named = parse_qs(urlsplit(page.content.get("next_page") or "").query).get("start_time")
    return int(named[0]) if named else since
