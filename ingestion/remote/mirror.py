"""The mirror of a remote landing area, brought up to date: what is new or has changed there is fetched, nothing else.

A file is noted as fetched after it stands in the mirror: a crash between costs one more fetch. What retention took out
of the mirror stays known, what is gone on the remote side stays in the mirror.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field

from ingestion.forgotten_text import ForgottenText
from ingestion.limits import Limits
from ingestion.people import People
from ingestion.remote.fetching import fetch, remove_parts
from ingestion.remote.listing import RemoteFile, RemoteListing, list_remote
from ingestion.remote.opening import Remote
from ingestion.remote.state import RemoteState
from ingestion.settings import Settings
from ingestion.streams import StreamId

#: Stores in which an object is there whole or not at all.
WHOLE = frozenset({"s3", "s3a", "gs", "gcs", "az"})
#: Elsewhere a file that has not changed for so long is whole.
STABLE_SECONDS = 60
AT_ONCE = 8


@dataclass
class Fetched:
    """`messages`: what was passed over or waits; `unknown_streams`: files by folder that no adapter reads."""

    messages: list[str] = field(default_factory=list)
    unknown_streams: dict[StreamId, int] = field(default_factory=dict)


def update_mirror(
    settings: Settings,
    limits: Limits,
    people: People,
    adapters: Collection[StreamId],
    wanted: Iterable[StreamId],
    reload: Collection[StreamId],
    progress: Callable[[str], None],
) -> Fetched:
    """Fetches what is new of the streams `wanted`, and for those of `reload` also what the mirror has no more.

    Nothing for a local landing area. Raises RemoteError with all that was fetched before it noted, ConfigError,
    NoSpaceError before anything is fetched.
    """
    if not settings.is_remote:
        return Fetched()
    remote = Remote(settings.remote_landing)
    wanted = list(wanted)
    for id in wanted:
        remove_parts(settings.landing.joinpath(*id))
    listing = list_remote(remote, _folds(settings))
    kept = ForgottenText(people, ()).redacted_name
    unknown = {id: len(files) for id, files in listing.files.items() if id not in adapters}
    result = Fetched([kept(message) for message in listing.messages()], unknown)
    with RemoteState(settings.remote_state_path, remote.url, people.key) as state:
        due, waiting = _due(remote, listing, state, settings, wanted, reload)
        count, size = sum(map(len, due.values())), sum(file.size or 0 for files in due.values() for file in files)
        limits.require_space(settings.landing, size, f"raw: fetching {count} files of {remote.url}")
        for id, files in due.items():
            began = time.monotonic()
            problems = _fetch_all(remote, files, settings, state)
            result.messages += [kept(f"{file.name}: {problem}") for file, problem in problems.items()]
            done = [file for file in files if file not in problems]
            told = f"{len(done)} files, {_shown(sum(file.size or 0 for file in done))} fetched"
            progress(f"{'/'.join(id)}: {told} ({time.monotonic() - began:.1f} s)")
    if waiting:
        names = ", ".join(kept(file.name) for file in waiting[:3]) + ", …" * (len(waiting) > 3)
        result.messages.append(f"{len(waiting)} files may still be written, left for the next night: {names}")
    return result


def files_there(settings: Settings) -> int:
    """How many files lie on the remote side, of any stream; looks once. Raises RemoteError, ConfigError."""
    return sum(map(len, list_remote(Remote(settings.remote_landing, waits=())).files.values()))


def _due(
    remote: Remote,
    listing: RemoteListing,
    state: RemoteState,
    settings: Settings,
    wanted: Iterable[StreamId],
    reload: Collection[StreamId],
) -> tuple[dict[StreamId, list[RemoteFile]], list[RemoteFile]]:
    """Files to be fetched by stream, and those that are not whole yet as far as one can see."""
    due: dict[StreamId, list[RemoteFile]] = {}
    waiting, now = [], time.time()
    for id in wanted:
        for file in listing.files.get(id, []):
            if state.is_fetched(file) and (id not in reload or (settings.landing / file.name).exists()):
                continue
            if remote.protocol not in WHOLE and not _is_stable(file, state, now):
                waiting.append(file)
            else:
                due.setdefault(id, []).append(file)
    return due, waiting


def _is_stable(file: RemoteFile, state: RemoteState, now: float) -> bool:
    """By its time, or by how long listings have had it like this, where clocks differ or there is no time."""
    if file.mtime_ns is not None and file.mtime_ns / 1e9 <= now - STABLE_SECONDS:
        return True
    return state.unchanged_since(file, now) <= now - STABLE_SECONDS


def _fetch_all(
    remote: Remote, files: list[RemoteFile], settings: Settings, state: RemoteState
) -> dict[RemoteFile, str]:
    """Fetches and notes the files; what became of those that were not."""
    problems: dict[RemoteFile, str] = {}

    def one(file: RemoteFile) -> str | None:
        return fetch(remote, file, settings.landing, look_again=remote.protocol not in WHOLE)

    def note(file: RemoteFile, problem: str | None) -> None:
        if problem:
            problems[file] = problem
        else:
            state.put_fetched(file)

    if not remote.takes_many:
        for file in files:
            note(file, one(file))
        return problems
    pool = ThreadPoolExecutor(AT_ONCE)
    try:
        fetches = {pool.submit(one, file): file for file in files}
        for done in as_completed(fetches):
            note(fetches[done], done.result())
    finally:
        pool.shutdown(cancel_futures=True)
    return problems


def _folds(settings: Settings) -> bool:
    """Whether the mirror's disk takes A and a for one name."""
    return settings.landing.with_name(settings.landing.name.upper()).exists()


def _shown(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size >= 10**6 else f"{size / 1e3:,.1f} kB"
