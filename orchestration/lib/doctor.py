"""`support-kpis doctor`: what a person would look at before calling somebody, and what to do next. Changes nothing.

Belongs here: looking and saying. Not here: what a night itself asks for before it begins (lib.job).
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from ingestion.adapters import STREAMS
from ingestion.catalogue import kpi_catalogue
from ingestion.configuration import Configuration, load_configuration
from ingestion.errors import ConfigError, RemoteError
from ingestion.key_check import check_key
from ingestion.landing import list_landing
from ingestion.limits import limits_of
from ingestion.manifest import Manifest
from ingestion.remote.mirror import files_there
from ingestion.settings import Settings, load_settings
from orchestration.deploy.broker import BROKER
from orchestration.deploy.look import storage_of, workers_of
from orchestration.lib import run_lock, space, versions
from orchestration.lib.home import has_own_config
from orchestration.serving.look import looked_at
from orchestration.serving.place import place_of

OK, NOTE, PROBLEM = "ok", "note", "problem"
STALE_HOURS = 30
DAY_SECONDS = 86_400


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at, how it is, and, unless it is well, what to do."""

    topic: str
    state: str
    text: str
    next: str = ""

    def as_json(self) -> dict[str, str]:
        return asdict(self)


def examine(home: Path | None) -> list[Finding]:
    """Everything in the order in which a night needs it; a wrong setting ends the list, as it ends a night."""
    try:
        settings = load_settings(home=home)
    except ConfigError as error:
        return [Finding("settings", PROBLEM, str(error), "mend it, then call doctor again")]
    found = [Finding("settings", OK, f"home {settings.home}, landing area {settings.landing_place}")]
    try:
        configuration = load_configuration(settings, kpi_catalogue())
        own = sorted(path.name for path in (settings.home / "config").glob("*.*"))
        told = f"your own {', '.join(own)}; the rest as shipped" if own else "all files as shipped"
        found.append(Finding("configuration", OK, told))
        check_key(settings)
        kept = "is there" if settings.has_pii_key else "will be made at the first run"
        found.append(Finding("key", OK, f"the key that customers are hashed with {kept}"))
    except ConfigError as error:
        return [*found, Finding("configuration", PROBLEM, str(error), "mend it, then call doctor again")]
    found += _pulls(settings, configuration)
    if settings.is_remote:
        found.append(_remote(settings))
    found += [*_sources(settings), _lock(settings), _last_run(settings), _disk(settings, configuration)]
    found += _versions(settings)
    found += _server(settings, configuration)
    found += _services(settings)
    return found


def next_step(found: list[Finding]) -> str:
    """What to do first."""
    worst = [one for state in (PROBLEM, NOTE) for one in found if one.state == state and one.next]
    return worst[0].next if worst else "nothing; the next night will do"


def _pulls(settings: Settings, configuration: Configuration) -> Iterator[Finding]:
    """Each source of [pulls]: whether it can be asked, and how far its pulls are."""
    if not configuration.settings["pulls"]:
        return
    from ingestion.pulls.accounts import accounts
    from ingestion.pulls.positions import Positions

    try:
        found = accounts(settings, configuration)
    except ConfigError as error:
        yield Finding("pulls", PROBLEM, str(error), "set it, then call doctor again")
        return
    kept = []
    if settings.positions_path.exists():
        with Positions(settings.positions_path) as positions:
            kept = positions.all()
    for source in found:
        own = [(id[1], part, over, at) for id, part, over, at in kept if id[0] == source]
        if not own:
            yield Finding(f"pull {source}", NOTE, "never pulled", f"try it: support-kpis pull {source}")
        for stream, part, over, at in own:
            days = f" of {part}" if part else ""
            told = f"caught up{days}, {at}" if over else f"stopped in the middle{days}, {at}; goes on with the next run"
            yield Finding(f"pull {source}/{stream}", OK if over else NOTE, told)


def _server(settings: Settings, configuration: Configuration) -> Iterator[Finding]:
    """The database server, if one is set: whether a version can be served there, and which one is."""
    try:
        place = place_of(settings, configuration)
        if place is None:
            return
        looked = looked_at(place)
    except ConfigError as error:
        yield Finding("server", PROBLEM, str(error), "mend it, then call doctor again")
        return
    current = versions.current_version(settings.published)
    if looked.fault:
        yield Finding("server", PROBLEM, looked.fault, "mend it there, then support-kpis serve")
    elif current and looked.run_id != current:
        told = f"schema {place.schema} shows {looked.run_id or 'nothing yet'}, not the current version"
        yield Finding("server", NOTE, told, "support-kpis serve")
    else:
        yield Finding("server", OK, f"schema {place.schema} shows {looked.run_id or 'nothing yet'}")


def _services(settings: Settings) -> Iterator[Finding]:
    """Dagster's storage and the workers, where they are not those of one process."""
    looks = {"storage": storage_of} if has_own_config(settings) else {}
    looks |= {"workers": workers_of} if BROKER in settings.credentials else {}
    for topic, look in looks.items():
        try:
            yield Finding(topic, OK, look(settings))
        except Exception as error:
            told = " ".join(str(error).split())[:300]
            yield Finding(topic, PROBLEM, told, "mend it (README, Services and workers), then call doctor again")


def _remote(settings: Settings) -> Finding:
    """Looks once at the remote side."""
    try:
        return Finding("remote", OK, f"{files_there(settings):,} files at {settings.landing_url}")
    except ConfigError as error:
        return Finding("remote", PROBLEM, str(error), "mend it, then call doctor again")
    except RemoteError as error:
        return Finding("remote", PROBLEM, str(error), "reach it from here with the same credentials (.env.example)")


def _sources(settings: Settings) -> Iterator[Finding]:
    put = f"put exports into {settings.landing_place}/<source>/<stream>/"
    if not settings.landing.is_dir():
        first = "then support-kpis run" if settings.is_remote else "or try make nightly, which writes a sample"
        yield Finding("sources", NOTE, f"there is no folder {settings.landing} yet", f"{put}, {first}")
        return
    listing = list_landing(settings.landing)
    known = _known_files(settings)
    if not listing.files:
        yield Finding("sources", NOTE, "nothing has landed", put)
    for (source, stream), files in sorted(listing.files.items()):
        name = f"{source}/{stream}"
        if (source, stream) not in STREAMS:
            streams = ", ".join(sorted(other for one, other in STREAMS if one == source)) or "none of that source"
            yield Finding(
                name, NOTE, f"{len(files)} files that no adapter reads", f"rename {name}; read are: {streams}"
            )
            continue
        new = sum(known.get((source, stream), {}).get(file.name) != (file.size, file.mtime_ns) for file in files)
        newest = datetime.fromtimestamp(max(file.mtime_ns for file in files) / 1e9, UTC)
        told = f"{len(files)} files, the newest of {newest:%Y-%m-%d %H:%M} UTC, {new} not loaded yet"
        yield Finding(name, OK, told)
    for skipped in listing.skipped[:5]:
        yield Finding("sources", NOTE, skipped, "move it to landing/<source>/<stream>/")


def _known_files(settings: Settings) -> dict[tuple[str, str], dict[str, tuple[int, int]]]:
    if not settings.manifest_path.exists():
        return {}
    with Manifest(settings.manifest_path) as manifest:
        return {stream: {name: seen[:2] for name, seen in manifest.paths(stream).items()} for stream in STREAMS}


def _lock(settings: Settings) -> Finding:
    is_held, said = run_lock.holder(settings.lock_path)
    if is_held:
        told = "run {run_id} works (process {pid}, since {started})".format_map(said)
        return Finding("lock", NOTE, told, "wait for it, or end that process; what is published stays as it is")
    if said.get("run_id"):
        return Finding("lock", NOTE, f"run {said['run_id']} was killed", "run again: it cleans up and goes on")
    return Finding("lock", OK, "no run works")


def _last_run(settings: Settings) -> Finding:
    logs = sorted(settings.logs.glob("*.log"), key=lambda path: path.stat().st_mtime)
    current = versions.current_version(settings.published)
    if not logs:
        return Finding("last run", NOTE, "there was none", "support-kpis run")
    last, age = logs[-1], time.time() - logs[-1].stat().st_mtime
    told = f"{last.stem}, {_ago(age)}"
    if last.stem == current:
        stale = age > STALE_HOURS * 3600
        return Finding("last run", NOTE if stale else OK, f"{told}, published", "support-kpis run" if stale else "")
    if run_lock.holder(settings.lock_path)[0]:
        return Finding("last run", OK, f"{told}, still at work")
    return Finding(
        "last run", PROBLEM, f"{told}, did not publish", f"the end of {last} says why; then support-kpis run"
    )


def _disk(settings: Settings, configuration: Configuration) -> Finding:
    free, needed, folder = space.scarcest(settings, limits_of(configuration.settings))
    told = f"{free:,} MiB are free under {folder}, a night needs about {needed:,} MiB there"
    if free < needed:
        return Finding("disk", PROBLEM, told, "make room, or keep fewer versions ([retention] in settings.toml)")
    return Finding("disk", OK, told)


def _versions(settings: Settings) -> Iterator[Finding]:
    current = versions.current_version(settings.published)
    for run_id in versions.newest_first(settings.published):
        manifest = json.loads((settings.published / "versions" / run_id / versions.MANIFEST).read_text())
        told = f"{run_id} as of {manifest['as_of']}, published {manifest['published_at'][:16]}"
        yield Finding("version", OK, told + (" (current)" if run_id == current else ""))
    if current is None:
        yield Finding("version", NOTE, "nothing is published yet", "support-kpis run")


def _ago(seconds: float) -> str:
    return f"{seconds / 3600:.0f} h ago" if seconds < 2 * DAY_SECONDS else f"{seconds / DAY_SECONDS:.0f} days ago"
