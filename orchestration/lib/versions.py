"""Published versions on disk: written aside, made durable, switched to in one step, kept seven deep.

Not here: what stands in a version (lib.tables, orchestration.page).
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ingestion import modes

KEEP_VERSIONS = 7
MANIFEST = "manifest.json"


class UnknownVersionError(Exception):
    """There is no such version to go back to; the message lists those there are."""


def publish(published: Path, run_id: str, write: Callable[[Path], None]) -> Path:
    """Let `write` fill a folder, then make it the current version; returns its path.

    Whatever fails before the link is switched leaves `current` as it was. The caller holds the run lock, has asked for
    space and prunes afterwards.
    """
    staging = published / ".staging"
    shutil.rmtree(staging, ignore_errors=True)
    draft = staging / run_id
    draft.mkdir(parents=True)
    write(draft)
    versions = published / "versions"
    versions.mkdir(exist_ok=True)
    # Readers are other users: the umask of the nightly user is not theirs to suffer from.
    modes.open_to_readers(published)
    _sync_tree(draft)
    version = versions / run_id
    draft.rename(version)
    _sync(versions)
    switch(published, run_id)
    staging.rmdir()
    return version


def switch(published: Path, run_id: str) -> None:
    """Point `current` at a version: a reader finds the old one or the new one, never none."""
    link = published / f".current-{run_id}"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("versions") / run_id)
    link.replace(published / "current")
    _sync(published)


def rollback(published: Path, run_id: str | None) -> str:
    """Switch to an earlier version, the one before the current by default; returns its run_id.

    Raises UnknownVersionError. The caller holds the run lock.
    """
    run_id = earlier(published, run_id)
    switch(published, run_id)
    return run_id


def earlier(published: Path, run_id: str | None) -> str:
    """The version that a rollback would switch to. Raises UnknownVersionError."""
    known = newest_first(published)
    current = current_version(published)
    if run_id is None:
        older = known[known.index(current) + 1 :] if current in known else known
        run_id = older[0] if older else None
    if run_id not in known:
        there = ", ".join(known) or "none"
        wanted = f"no version {run_id}" if run_id else "no version before the current one"
        raise UnknownVersionError(f"{wanted}; there are (newest first): {there}")
    return run_id


def current_version(published: Path) -> str | None:
    """The run_id `current` leads to; None before the first publication."""
    current = published / "current"
    return current.resolve().name if current.exists() else None


def current_manifest(published: Path) -> dict[str, Any]:
    """What the current version says of itself; empty before the first publication."""
    path = published / "current" / MANIFEST
    return json.loads(path.read_text()) if path.exists() else {}


def link_current(published: Path, folder: Path) -> None:
    """Fill `folder` with hard links to all of the current version but its manifest."""
    ignored = shutil.ignore_patterns(MANIFEST)
    shutil.copytree(published / "current", folder, ignore=ignored, copy_function=os.link, dirs_exist_ok=True)


def newest_first(published: Path) -> list[str]:
    """run_ids of all versions by the moment of publication that their manifest.json names."""
    manifests = (published / "versions").glob(f"*/{MANIFEST}")
    dated = [(json.loads(path.read_text())["published_at"], path.parent.name) for path in manifests]
    return [run_id for _, run_id in sorted(dated, reverse=True)]


def prune(published: Path, keep: int = KEEP_VERSIONS) -> list[str]:
    """Delete all but the newest `keep` versions, never the current one, and what a killed run left; gives the names."""
    current = current_version(published)
    complete = newest_first(published)
    there = {path.name for path in (published / "versions").iterdir()} if complete else set()
    gone = sorted((set(complete[keep:]) | (there - set(complete))) - {current})
    for run_id in gone:
        # The manifest goes first: without it a version that is half deleted is none.
        (published / "versions" / run_id / MANIFEST).unlink(missing_ok=True)
        shutil.rmtree(published / "versions" / run_id)
    for link in published.glob(".current-*"):
        link.unlink()
    return gone


def _sync_tree(folder: Path) -> None:
    for path in (*folder.rglob("*"), folder):
        _sync(path)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
