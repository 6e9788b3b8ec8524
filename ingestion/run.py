"""One run of the ingestion: every stream of the landing area, in order, into the lake.

Bad data never raises: it is counted, quarantined and told in the result. What does raise is the machine's fault
(disk, memory) or a wrong declaration.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from ingestion.adapters import STREAMS
from ingestion.compaction import compact
from ingestion.configuration import Configuration
from ingestion.errors import ConfigError
from ingestion.forgotten_names import list_as_kept
from ingestion.forgotten_raw import ForgottenRaw
from ingestion.key_check import check_key
from ingestion.lake import remove_orphans
from ingestion.limits import limits_of
from ingestion.load import Loader
from ingestion.manifest import Manifest
from ingestion.people import People, key_id
from ingestion.quarantine import Quarantine
from ingestion.readers import open_reader
from ingestion.remote.mirror import update_mirror
from ingestion.settings import Settings
from ingestion.side_by_side import MOST, SideBySide, Tools, cores
from ingestion.space import new_files, require_space, unpacked_size
from ingestion.stream_run import StreamResult, StreamRun
from ingestion.streams import Source, Stream, StreamId


@dataclass
class IngestResult:
    """`streams`: every stream that was asked for; `unknown_streams`: landing folders that no adapter reads."""

    run_id: str
    streams: dict[StreamId, StreamResult] = field(default_factory=dict)
    unknown_streams: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    def _sum(self, name: str) -> int:
        return sum(getattr(result, name) for result in self.streams.values())

    @property
    def files_new(self) -> int:
        return self._sum("files_new")

    @property
    def rows_read(self) -> int:
        return self._sum("rows_read")

    @property
    def rows_loaded(self) -> int:
        return self._sum("rows_loaded")

    @property
    def rows_duplicate(self) -> int:
        return self._sum("rows_duplicate")

    @property
    def rows_rejected(self) -> int:
        return self._sum("rows_rejected")


def ingest(
    settings: Settings,
    configuration: Configuration,
    *,
    only: Collection[StreamId] | None = None,
    reload: Iterable[StreamId] = (),
    changed: tuple[datetime | None, datetime | None] = (None, None),
    run_id: str,
    progress: Callable[[str], None] = lambda line: None,
    streams: dict[StreamId, Stream] | None = None,
) -> IngestResult:
    """Loads what is new in the landing area.

    `only`: these streams; `reload`: forget what was loaded of these and read their landing again; `changed`: only files
    that were last changed from the one instant to before the other, the rest waits for another run; `streams`: the
    adapters, default all of them. Raises ConfigError, with nothing done, for a reload of what is not read.
    """
    adapters = STREAMS if streams is None else streams
    reload = set(reload)
    if unread := reload - (set(adapters) if only is None else set(adapters) & set(only)):
        names = ", ".join(sorted("/".join(id) for id in unread))
        raise ConfigError(f"reload of {names}: this run does not read that; select it too, or leave it out")
    if reload and changed != (None, None):
        raise ConfigError("a reload forgets all files of a stream and reads them again; leave out the days of files")
    check_key(settings, anew=reload >= set(adapters))
    settings.prepare_home()
    result = IngestResult(run_id)
    loaded_at = datetime.now(UTC).isoformat(timespec="microseconds")
    limits = limits_of(configuration.settings)
    with Manifest(settings.manifest_path) as manifest:
        people = People(settings.pii_key, manifest.tombstones())
        wanted = [id for id in adapters if only is None or id in only]
        _tidy(settings, manifest, wanted)
        fetched = update_mirror(settings, limits, people, adapters, wanted, reload, progress)
        listing = list_as_kept(settings.landing, people).changed_within(*changed)
        new = {id: new_files(manifest, id, listing.files.get(id, []), reload=id in reload) for id in wanted}
        threads = max(min(MOST, cores(), sum(map(bool, new.values()))), 1)
        require_space(settings, limits, [file for files in new.values() for file in files], threads)
        _forget(settings, manifest, reload, anew=reload >= set(adapters))
        result.unknown_streams = sorted("/".join(id) for id in {*listing.files, *fetched.unknown_streams} - {*adapters})
        result.messages = [*fetched.messages, *listing.skipped]
        for message in [*result.messages, *(f"{name}: no adapter reads this" for name in result.unknown_streams)]:
            progress(f"  {message}")
        _note_key(people, manifest)
    quarantine = Quarantine(settings.quarantine, ForgottenRaw(people, countries(configuration)).holds)

    def load(id: StreamId, tools: Tools) -> StreamResult:
        con, manifest = tools.con, tools.manifest
        source = source_settings(configuration, id[0])
        stream = adapters[id].resolved(source)
        reader = open_reader(con, stream, source)
        con.execute("CREATE OR REPLACE TEMP TABLE snapshot_keys (key VARCHAR)")
        loader = Loader(con, stream, source, reader, manifest, quarantine, settings.lake, people, run_id, loaded_at)
        done = StreamRun(loader, settings.tmp, tools.say).run(listing.files.get(id, []))
        if done.files_new:
            by_day = configuration.settings["retention"]["lake_days"] > 0
            compact(con, settings.lake, manifest, stream, by_day=by_day)
        if done.files_new or done.messages:
            tools.say([_line(id, done), *(f"    {message}" for message in [*done.messages, *_columns(done)])])
        return done

    by_size = sorted(wanted, key=lambda id: -sum(map(unpacked_size, new[id])))
    side_by_side = SideBySide(settings.manifest_path, settings.tmp / "duckdb", limits, load)
    found = side_by_side.run(by_size, threads, progress)
    result.streams = {id: found[id] for id in wanted}
    return result


def countries(configuration: Configuration) -> dict[str, str | None]:
    """Source -> its country, of those that have one: what a national number means there."""
    return {name: own.get("country") for name, own in configuration.settings.get("sources", {}).items()}


def source_settings(configuration: Configuration, source: str) -> Source:
    """What the configuration says about a source, for its expressions."""
    own = configuration.settings.get("sources", {}).get(source, {})
    named = {
        row["match_field"].removeprefix("field:")
        for table in ("issue_types", "escalations")
        for row in configuration.tables.get(table, [])
        if row["match_field"].startswith("field:") and row["source"] in (None, source)
    }
    if complexity_field := own.get("complexity_field"):
        named.add(str(complexity_field).removeprefix("field:"))
    patterns = (
        row["match_value"]
        for row in configuration.tables.get("issue_types", [])
        if row["match_field"] == "text" and row["source"] in (None, source)
    )
    return Source(
        source,
        own.get("time_zone"),
        own.get("country"),
        tuple(own.get("keep_columns") or ()),
        tuple(sorted(named)),
        tuple(dict.fromkeys(patterns)),
        configuration,
    )


def _tidy(settings: Settings, manifest: Manifest, wanted: list[StreamId]) -> None:
    """Removes what a killed run left: lake files without a row, unpacked copies, half-written quarantine. Of the
    streams `wanted` alone: others may be at work in another process."""
    for id in wanted:
        remove_orphans(settings.lake, manifest.lake_files(id), id)
        for path in settings.quarantine.joinpath(*id).rglob(".*.part"):
            path.unlink()
    for pattern in ("unpacked-*", "retry-*"):
        for path in settings.tmp.glob(pattern):
            path.unlink()


def _forget(settings: Settings, manifest: Manifest, reload: set[StreamId], *, anew: bool) -> None:
    """Forgets what was loaded of these streams, all in one step: after it, nothing in the lake has an old key.

    `anew`: the lake is empty then, and whatever key is there next is the lake's key.
    """
    with manifest.transaction():
        for id in reload:
            manifest.forget_stream(id)
        if anew:
            manifest.put_key_id(None)
    for id in reload:
        remove_orphans(settings.lake, manifest.lake_files(id), id)
        Quarantine(settings.quarantine).forget_stream(id)


def _note_key(people: People, manifest: Manifest) -> None:
    """Notes the key by its id when the lake is made with it for the first time."""
    if manifest.key_id() is None:
        with manifest.transaction():
            manifest.put_key_id(key_id(people.key))


def _columns(done: StreamResult) -> list[str]:
    new = [f"unknown column {name}: {rows:,} rows, values not stored" for name, rows in done.new_columns.items()]
    gone = [f"missing column {name}: null in {rows:,} rows" for name, rows in done.missing_columns.items()]
    never = [f"columns that no file has, null: {', '.join(done.never_delivered)}"] if done.never_delivered else []
    return [*new, *gone, *never]


def _line(id: StreamId, done: StreamResult) -> str:
    quarantined = f", {len(done.quarantined_files)} files quarantined" if done.quarantined_files else ""
    return (
        f"{'/'.join(id)}: {done.files_new} files, {done.rows_read:,} rows read = {done.rows_loaded:,} loaded + "
        f"{done.rows_duplicate:,} duplicate + {done.rows_rejected:,} rejected{quarantined} ({done.seconds:.1f} s)"
    )
