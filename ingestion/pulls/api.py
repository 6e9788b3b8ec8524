"""What a description of a vendor's API consists of. A description declares; `ingestion.pulls.client` asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from requests.auth import AuthBase

from ingestion.streams import StreamId

#: Where a pull stands, plain JSON. `over`: the vendor has nothing newer; else the next page is still to come.
Position = dict[str, Any]


@dataclass(frozen=True)
class Ask:
    """One request.

    path    below the API's URL.
    json    a body, which makes it a POST.
    after   seconds to wait before it.
    lands   False for a step on the way, whose answer is not landed.
    file    keys of the answer that say where a file is, and that it is packed: its bytes are the page's body then.
    """

    path: str
    params: Mapping[str, Any] = field(default_factory=dict)
    json: Mapping[str, Any] | None = None
    after: float = 0.0
    lands: bool = True
    file: tuple[str, str] | None = None


@dataclass(frozen=True)
class Page:
    """A whole answer. `body`: its bytes as they came; `content`: parsed; `rows`: the records of its container."""

    body: bytes
    content: Any
    rows: list[dict[str, Any]]
    headers: Mapping[str, str]


class Paging(Protocol):
    """How the pages of an endpoint follow one another. All instants are seconds since 1970, as the vendor gave them."""

    def begin(self, since: int, until: int) -> Position:
        """The first position: what changed at `since` or later and, as far as the vendor can say, before `until`."""

    def ask(self, path: str, position: Position) -> Ask:
        """The request of the page at a position."""

    def step(self, position: Position, page: Page) -> Position:
        """The position after this page. In it may stand `note`, a line for the person who runs this; `error`, one that
        ends this run here; `fleeting`, so that a run that is killed here goes on with the position before."""

    def resume(self, position: Position, until: int) -> Position:
        """Where the next pull begins, after one that is over."""

    def restart(self, position: Position) -> Position | None:
        """Where to begin when the vendor refuses the request itself, or finds nothing; None where that cannot be for an
        old cursor."""


@runtime_checkable
class Renewable(Protocol):
    """A login whose token lasts for a while."""

    def has_expired(self) -> bool:
        """Told that the token is refused: whether another one may help, which the next request then has."""


@dataclass(frozen=True)
class Follow:
    """A request for each row of a page, whose answer is landed too, before the position moves.

    stream  where the answers land.
    path    below the API's URL; `{id}` is the row's.
    rows    container of the answer's records; '' for a bare array, None where the answer is one record.
    size    records of a full page, where the answer comes in numbered pages.
    adds    name under which the row's id is written into every record, for answers that do not say whose they are.
    """

    stream: str
    path: str
    rows: str | None = None
    size: int | None = None
    adds: str | None = None


@dataclass(frozen=True)
class Endpoint:
    """One stream of an API.

    rows    container of a page's records; '' for a bare array.
            None where a page is one record.
    lands   False where only what follows is landed.
    is_snapshot     the pages are one list, which lands whole or not at all: half of it would look like one that shrank.
    suffix  of landed files, for whoever looks at them.
    """

    stream: str
    path: str
    paging: Paging
    rows: str | None
    follow: Follow | None = None
    lands: bool = True
    is_snapshot: bool = False
    suffix: str = "json"


@dataclass(frozen=True)
class Api:
    """How one vendor is asked.

    url         where the API is; '' where each account has its own, which settings.toml says then.
    credentials environment variables that must be set, in the order in which `login` takes their values.
    login       what signs a request.
    headers     sent with every request.
    per_minute  requests that the vendor allows in a minute.
    """

    source: str
    endpoints: tuple[Endpoint, ...]
    credentials: tuple[str, ...]
    login: Callable[..., AuthBase]
    per_minute: int
    url: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def id(self, endpoint: Endpoint) -> StreamId:
        return (self.source, endpoint.stream)
