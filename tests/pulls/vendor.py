"""A vendor's account: its records, fed by a month of the simulator, and the way its API gives them out."""

from __future__ import annotations

import base64
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar

from ingestion.pulls.moments import Form, moment_of, written
from tests.pulls.server import Answer, Request, TestClock

Record = dict[str, Any]


@dataclass
class Vendor:
    """One account. Subclasses say what `answer` is.

    source, credentials     of the API; what must be set in the environment.
    changing    container -> (field that moves when a record changes, how it is written), for `touch`.
    page_size   records of a page that the pull asks for here, so that a month has many pages; None: as it ever does.
    hosts       address of another host, as its constant is named -> the path of this server that stands for it.
    records     container -> its records, newest version of each.
    """

    source: ClassVar[str]
    credentials: ClassVar[dict[str, str]]
    changing: ClassVar[dict[str, tuple[str, Form]]] = {}
    per_minute: ClassVar[int | None] = None
    has_cursors: ClassVar[bool] = False
    page_size: ClassVar[int | None] = None
    hosts: ClassVar[dict[str, str]] = {}

    clock: TestClock
    records: dict[str, list[Record]]
    #: Cursors given out before the last of these was asked for are no longer known.
    forgets: int = 0
    chance: random.Random = field(default_factory=lambda: random.Random(1))

    def answer(self, request: Request) -> Answer:
        raise NotImplementedError

    def touch(self) -> None:
        """A record changes now, as far as anybody can see."""
        container = self.chance.choice(list(self.changing))
        name, form = self.changing[container]
        self.chance.choice(self.records[container])[name] = written(int(self.clock.now()), form)

    @staticmethod
    def moment(text: str) -> int:
        """The instant that a request names; ValueError for any other text."""
        return int(datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp())

    def by_change(self, container: str, *fields: str) -> list[tuple[int, Record]]:
        """(instant, record) in the order of their change."""
        dated = [(moment_of(row, fields) or 0, row) for row in self.records[container]]
        return sorted(dated, key=lambda pair: (pair[0], str(pair[1].get("id"))))


def newest(rows: Iterable[Record], key: str, *version: str) -> list[Record]:
    """The newest version of each record, as a vendor has but one."""
    found: dict[Any, Record] = {}
    for row in rows:
        before = found.get(row[key])
        if before is None or (moment_of(row, version) or 0) >= (moment_of(before, version) or 0):
            found[row[key]] = row
    return list(found.values())


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def refused(request: Request, authorization: str) -> Answer | None:
    """401 for a request that is not signed as it must be."""
    given = {name.lower(): value for name, value in request.headers.items()}
    return None if given.get("authorization") == authorization else Answer({"error": "unauthorised"}, 401)


def containers(pages: Mapping[str, Any]) -> dict[str, list[Record]]:
    """Container -> its records, of all pages."""
    found: dict[str, list[Record]] = {}
    for page in pages.values():
        for name, rows in page.items():
            if isinstance(rows, list):
                found.setdefault(name, []).extend(rows)
    return found
