"""Streams side by side: threads that load one stream at a time, each with a DuckDB and a manifest of its own.

DuckDB works outside of Python's lock, and a core spent on one stream does more than a core shared by the threads of
another. What loading is, and in which order streams come, is for run.py to say.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue

import duckdb

from ingestion.inside import MACROS
from ingestion.limits import Limits
from ingestion.manifest import Manifest
from ingestion.outcome import StreamResult
from ingestion.streams import StreamId

#: More would leave too little memory to each.
MOST = 4
STOPPING_SECONDS = 0.05


def cores() -> int:
    """Those that this process may use, where the system tells."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True)
class Tools:
    """What a thread loads with. `say`: lines for whoever watches, which stay together."""

    con: duckdb.DuckDBPyConnection
    manifest: Manifest
    say: Callable[[list[str]], None]


@dataclass
class SideBySide:
    """`temp`: where DuckDB may spill; `limits`: of all threads together."""

    manifest_path: Path
    temp: Path
    limits: Limits
    load: Callable[[StreamId, Tools], StreamResult]
    _waiting: deque[StreamId] = field(default_factory=deque)
    _results: dict[StreamId, StreamResult] = field(default_factory=dict)
    _told: SimpleQueue[list[str] | BaseException | None] = field(default_factory=SimpleQueue)
    _working: dict[int, duckdb.DuckDBPyConnection] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def run(
        self, streams: Iterable[StreamId], threads: int, progress: Callable[[str], None]
    ) -> dict[StreamId, StreamResult]:
        """Loads each, the first ones first. Raises what the first that fails has raised, when all have stopped."""
        self.temp.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Made before two threads open it: SQLite lets nobody wait for the other's switch to its write-ahead log.
        Manifest(self.manifest_path).close()
        self._waiting.extend(streams)
        started = [threading.Thread(target=self._work, args=(n, threads), daemon=True) for n in range(threads)]
        for thread in started:
            thread.start()
        left = threads
        try:
            while left:
                told = self._told.get()
                if isinstance(told, BaseException):
                    raise told
                if told is None:
                    left -= 1
                for line in told or []:
                    progress(line)
        finally:
            self._stop(started)
        return self._results

    def _work(self, number: int, threads: int) -> None:
        try:
            with Manifest(self.manifest_path) as manifest, self._connection(number, threads) as con:
                tools = Tools(con, manifest, self._told.put)
                while (stream := self._next()) is not None:
                    self._results[stream] = self.load(stream, tools)
        except BaseException as error:
            self._told.put(error)
        finally:
            self._told.put(None)

    def _next(self) -> StreamId | None:
        try:
            return self._waiting.popleft()
        except IndexError:
            return None

    def _stop(self, started: list[threading.Thread]) -> None:
        """Waits for all threads, and breaks off what those do that still work."""
        self._waiting.clear()
        for thread in started:
            while thread.is_alive():
                with self._lock, suppress(duckdb.Error):
                    for con in self._working.values():
                        con.interrupt()
                thread.join(STOPPING_SECONDS)

    @contextmanager
    def _connection(self, number: int, threads: int) -> Iterator[duckdb.DuckDBPyConnection]:
        """An in-memory DuckDB that spills into a folder of its own and knows no zone but UTC."""
        share = self.limits.shared(threads).of_duckdb(self.temp / str(number))
        con = duckdb.connect(config={**share, "threads": max(cores() // threads, 1)})
        try:
            con.execute("SET TimeZone = 'UTC'")
            con.execute("SET preserve_insertion_order = true")
            con.execute("SET enable_progress_bar = false")
            con.execute(MACROS)
            with self._lock:
                self._working[number] = con
            yield con
        finally:
            with self._lock:
                self._working.pop(number, None)
                self._share_again()
            con.close()

    def _share_again(self) -> None:
        """Gives what one thread leaves behind to those that still work."""
        for con in self._working.values():
            share = len(self._working)
            settings = con.cursor()
            settings.execute(f"SET threads = {max(cores() // share, 1)}")
            settings.execute(f"SET memory_limit = '{self.limits.shared(share).memory_mib}MiB'")
            settings.close()
