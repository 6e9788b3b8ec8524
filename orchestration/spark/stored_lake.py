"""A copy of the lake in an object store, at SUPPORT_KPIS_SPARK_LAKE_URL, for executors that do not see the home.

Files of the lake never change, so a build puts there what is missing and takes away what the manifest names no more. A
mark says whose the place is: nothing is put beside, or deleted of, what another home or somebody else has there.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from ingestion.errors import ConfigError
from ingestion.remote.opening import DRIVERS, Remote
from ingestion.remote.url import SPARK_LAKE, is_remote, protocol_of
from ingestion.settings import Settings

MARK = "support-kpis-home"
#: Of the home's folder for Spark: its id, and the URLs where its lake has been put.
_KNOWN = "lakes.json"
_AT_ONCE = 64

Say = Callable[[str], None]


def put_lake(settings: Settings, place: Path, names: Iterable[str], say: Say = lambda text: None) -> Remote:
    """Makes the store hold these files of the lake and no others, below its root. Returns it.

    `place`: the home's folder for Spark. The caller holds the run lock. Raises ConfigError where the store cannot be
    read by executors or is not this home's, RemoteError where it does not answer.
    """
    url = settings.spark_lake.url
    if not is_remote(url) or DRIVERS.get(protocol_of(url)) == "sftp":
        raise ConfigError(f"{SPARK_LAKE.url} is no object store; write it as s3://bucket/folder")
    remote = Remote(settings.spark_lake)
    there, known = _files(remote), _known(place)
    if not there:
        _know(place, known | {"urls": sorted({*known["urls"], url})})
        mark = f"{remote.root}/{MARK}"
        remote.tried("cannot be written", lambda filesystem: filesystem.pipe_file(mark, known["id"].encode()))
    elif (owner := _owner(remote, there)) != known["id"]:
        raise ConfigError(
            f"{remote.shown} holds {'the lake of another home' if owner else 'other files'}; name an empty folder"
        )
    sizes = {name: (settings.lake / name).stat().st_size for name in names}
    missing = [name for name, size in sizes.items() if there.get(name) != size]
    for first in range(0, len(missing), _AT_ONCE):
        _put(remote, settings.lake, missing[first : first + _AT_ONCE])
        say(f"lake: {min(first + _AT_ONCE, len(missing))} of {len(missing)} files put to {url}")
    _remove(remote, there.keys() - sizes.keys() - {MARK})
    return remote


def delete_lakes(settings: Settings, place: Path) -> None:
    """Empties every store where this home has put its lake. Raises ConfigError where one is no longer in the settings.

    RemoteError where one does not answer.
    """
    known = _known(place)
    for url in known["urls"]:
        if settings.spark_lake is None or settings.spark_lake.url != url:
            raise ConfigError(
                f"a copy of the lake is at {url}; set {SPARK_LAKE.url} to it, so that it can be deleted there"
            )
        remote = Remote(settings.spark_lake)
        there = _files(remote)
        if _owner(remote, there) == known["id"]:
            _remove(remote, there.keys() - {MARK})
            _remove(remote, {MARK})
        _know(place, known | {"urls": [other for other in known["urls"] if other != url]})


def _files(remote: Remote) -> dict[str, int]:
    """Name below the URL -> bytes."""
    try:
        found: dict[str, Any] = remote.tried(
            "cannot be listed", lambda filesystem: filesystem.find(remote.root, detail=True)
        )
    except FileNotFoundError:
        return {}
    return {path.removeprefix(f"{remote.root}/"): info["size"] for path, info in found.items()}


def _owner(remote: Remote, there: dict[str, int]) -> str | None:
    if MARK not in there:
        return None
    return remote.tried("cannot be read", lambda filesystem: filesystem.cat_file(f"{remote.root}/{MARK}")).decode()


def _put(remote: Remote, lake: Path, names: list[str]) -> None:
    ours, theirs = [str(lake / name) for name in names], [f"{remote.root}/{name}" for name in names]
    remote.tried("cannot be written", lambda filesystem: filesystem.put(ours, theirs))


def _remove(remote: Remote, names: Iterable[str]) -> None:
    if paths := sorted(f"{remote.root}/{name}" for name in names):
        remote.tried("cannot be emptied", lambda filesystem: filesystem.rm(paths))


def _known(place: Path) -> dict[str, Any]:
    file = place / _KNOWN
    return json.loads(file.read_text()) if file.exists() else {"id": str(uuid.uuid4()), "urls": []}


def _know(place: Path, known: dict[str, Any]) -> None:
    draft = place / f"{_KNOWN}.part"
    draft.write_text(json.dumps(known))
    draft.replace(place / _KNOWN)
