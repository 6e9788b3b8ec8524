"""Pulls: every endpoint from where it stood to the vendor's newest record, page by page into the landing area.

A page and all that follows from it are on disk before the position moves: a pull that is killed at any moment goes on
with the page it was at, and writes it under the same name.
"""

from __future__ import annotations

import gzip
import os
import queue
import threading
import time
from collections.abc import Callable, Collection
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ingestion.configuration import Configuration
from ingestion.errors import ConfigError
from ingestion.lake import sync_folder
from ingestion.pulls.accounts import Account, accounts
from ingestion.pulls.api import Endpoint
from ingestion.pulls.client import Client, Clock, GoneError, PullError, RefusedRequestError
from ingestion.pulls.days import Days
from ingestion.pulls.follow import followed
from ingestion.pulls.paging import position_after
from ingestion.pulls.positions import Kept, Positions
from ingestion.settings import Settings
from ingestion.streams import StreamId

FOLDER = "pulled"
SOURCES_AT_ONCE = 4
#: How often a pull begins anew because the vendor refuses a cursor: more is no old cursor, but an endless way.
RESTARTS = 20
PROGRESS_SECONDS = 5.0
#: The rest of a run that began within this time is news enough.
FRESH_SECONDS = 6 * 3600


@dataclass
class Pulled:
    """What one endpoint gave in this run. `error`: why it could not come to its end, one line."""

    pages: int = 0
    rows: int = 0
    bytes: int = 0
    requests: int = 0
    seconds: float = 0.0
    notes: tuple[str, ...] = ()
    error: str | None = None


def pull(
    settings: Settings,
    configuration: Configuration,
    *,
    only: Collection[StreamId] | None = None,
    days: Days | None = None,
    progress: Callable[[str], None] = lambda line: None,
    clock: Clock | None = None,
) -> dict[StreamId, Pulled]:
    """Pulls what is new of every source in settings.toml; sources side by side, the streams of one in turn.

    A vendor's fault never raises: it is told in the result. ConfigError is raised before anything is asked.
    """
    wanted = accounts(settings, configuration)
    if days and days.begin >= days.end:
        raise ConfigError("the first day to pull is later than the last; swap the two")
    stop, lines = threading.Event(), queue.SimpleQueue[str]()
    clock = clock or Clock(sleep=lambda seconds: _wait(stop, seconds))

    def one_source(account: Account) -> dict[StreamId, Pulled]:
        source = SourcePull(settings, account, days, lines.put, clock)
        return source.run([e for e in account.api.endpoints if e.stream in account.streams], only)

    with ThreadPoolExecutor(SOURCES_AT_ONCE) as pool:
        running = [pool.submit(one_source, account) for account in wanted.values()]
        waiting = set(running)
        try:
            while waiting or not lines.empty():
                _, waiting = wait(waiting, timeout=0.2, return_when=FIRST_COMPLETED)
                while not lines.empty():
                    progress(lines.get())
        finally:
            stop.set()  # an interrupted run does not wait for pauses that a vendor asked for
    results = [future.result() for future in running]
    return {id: found for result in results for id, found in result.items()}


def _wait(stop: threading.Event, seconds: float) -> None:
    if stop.wait(seconds):
        raise PullError("interrupted; the next run goes on from here")


class SourcePull:
    """The endpoints of one source, one after the other: they share the vendor's limit."""

    def __init__(self, settings: Settings, account: Account, days: Days | None, say, clock: Clock) -> None:
        self._landing, self._positions_path = settings.landing, settings.positions_path
        self._account, self._days, self._say, self._clock = account, days, say, clock
        self._part = days.part if days else ""
        self._client = Client(account.api, account.url, account.secrets, clock)

    def run(self, endpoints: list[Endpoint], only: Collection[StreamId] | None) -> dict[StreamId, Pulled]:
        found = {}
        with Positions(self._positions_path) as positions:
            for endpoint in endpoints:
                id = self._account.api.id(endpoint)
                if only is None or id in only:
                    found[id] = self._one(endpoint, positions)
                    self._say(_line(id, found[id]))
        self._client.close()
        return found

    def _one(self, endpoint: Endpoint, positions: Positions) -> Pulled:
        result, began, asked = Pulled(), time.monotonic(), self._client.requests
        try:
            self._to_the_end(endpoint, positions, result)
        except PullError as error:
            result.error = str(error)
        result.requests, result.seconds = self._client.requests - asked, time.monotonic() - began
        return result

    def _to_the_end(self, endpoint: Endpoint, positions: Positions, result: Pulled) -> None:
        before = positions.get(self._account.api.id(endpoint), self._part)
        kept = self._pages(endpoint, self._start(endpoint, before), positions, result)
        is_rest = before is not None and not before.position.get("over") and not self._days
        if is_rest and kept.position.get("until", 0) < self._clock.now() - FRESH_SECONDS:
            # That was the rest of an earlier run, up to when it began: now what is new since.
            self._pages(endpoint, self._start(endpoint, kept), positions, result)

    def _pages(self, endpoint: Endpoint, kept: Kept, positions: Positions, result: Pulled) -> Kept:
        id, told, restarts = self._account.api.id(endpoint), time.monotonic(), 0
        held: dict[str, list[bytes]] = {}
        while not kept.position.get("over"):
            ask = endpoint.paging.ask(endpoint.path, kept.position)
            try:
                page = self._client.page(ask, endpoint.rows)
            except (RefusedRequestError, GoneError):
                position, restarts = endpoint.paging.restart(kept.position), restarts + 1
                if position is None or restarts > RESTARTS:
                    raise
                self._say(f"{'/'.join(id)}: the vendor no longer knows where this was; reads again from before that")
                kept, held = Kept(kept.began, kept.number, position), {}
                continue
            has_rows = ask.lands and bool(page.rows)
            if endpoint.lands and has_rows:
                held.setdefault(endpoint.stream, []).append(page.body)
            if endpoint.follow and has_rows:
                held.setdefault(endpoint.follow.stream, []).extend(followed(self._client, endpoint.follow, page))
            position = position_after(endpoint.paging, kept.position, page)
            waits = endpoint.is_snapshot and not position.get("over")
            if not waits:
                result.bytes += sum(self._land(one, endpoint.suffix, kept, bodies) for one, bodies in held.items())
                held = {}
            if note := position.pop("note", None):
                result.notes = (*result.notes, note)
            error, is_fleeting = position.pop("error", None), position.pop("fleeting", False)
            kept = Kept(kept.began, kept.number + 1, position)
            if not (is_fleeting or waits):
                positions.put(id, self._part, kept)
            if error:
                raise PullError(error)
            result.pages += ask.lands
            result.rows += len(page.rows) if ask.lands else 0
            if time.monotonic() - told > PROGRESS_SECONDS:
                told = time.monotonic()
                self._say(f"{'/'.join(id)}: {result.rows:,} rows on {result.pages:,} pages")
        return kept

    def _start(self, endpoint: Endpoint, kept: Kept | None) -> Kept:
        """Where this run begins: at the page where the last one stopped, or behind its end."""
        now = int(self._clock.now())
        begin, until = (self._days.begin, self._days.end) if self._days else (self._account.since, now)
        if kept is not None and not kept.position.get("over"):
            return kept
        began = datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%SZ")
        if kept is None or self._days:
            return Kept(began, kept.number if kept else 1, endpoint.paging.begin(begin, until))
        return Kept(began, kept.number, endpoint.paging.resume(kept.position, until))

    def _land(self, stream: str, suffix: str, kept: Kept, bodies: list[bytes]) -> int:
        """Writes a page whole and on disk, or not at all; its size. The same page again takes its place."""
        if not bodies:
            return 0
        folder = self._landing / self._account.api.source / stream / FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{f'{self._part}_' if self._part else ''}{kept.began}_{kept.number:06d}.{suffix}.gz"
        _write(folder / name, b"\n".join(bodies))
        return sum(map(len, bodies))


def _write(path: Path, body: bytes) -> None:
    draft = path.with_name(f".{path.name}.part")
    with draft.open("wb") as file:
        file.write(gzip.compress(body, 5, mtime=0))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    sync_folder(path.parent)


def _line(id: StreamId, done: Pulled) -> str:
    told = (
        f"{'/'.join(id)}: {done.pages:,} pages, {done.rows:,} rows in {done.requests:,} requests ({done.seconds:.1f} s)"
    )
    return f"{told}: {done.error}" if done.error else told
