"""Every vendor's account of one simulated month, its file exports beside it; and homes that pull from them."""

from __future__ import annotations

import copy
import gzip
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb

from ingestion.adapters import STREAMS
from ingestion.adapters.api import APIS
from ingestion.configuration import Configuration
from ingestion.configuration.settings_file import DEFAULTS
from ingestion.configuration.tables import TABLES
from ingestion.pulls.api import Api, Endpoint, Paging
from ingestion.pulls.paging import InTurn
from ingestion.pulls.pull import Pulled, pull
from ingestion.run import IngestResult, ingest
from ingestion.settings import Settings, load_settings
from ingestion.streams import META_COLUMNS, Stream, StreamId
from tests.pulls import aircall, amazon_seller, delighted, freshdesk, intercom, shopify, zendesk, zendesk_qa
from tests.pulls.server import Server, TestClock
from tests.pulls.vendor import Record, Vendor, containers, newest
from tests.vendors import zendesk_talk
from tests.vendors.parity import Month

KEY = "a key for tests, of more than 32 characters"
SINCE = date(2025, 1, 1)
#: The records of an account, and its exports.
Told = tuple[dict[str, list[Record]], dict[str, bytes]]


@dataclass(frozen=True)
class Account:
    """`vendor`: makes the account anew; `files`: path below landing/ -> the same month as file exports; `since`: where
    a pull begins."""

    vendor: Callable[[TestClock], Vendor]
    files: dict[str, bytes]
    since: date = SINCE


def all_accounts(simulated: Path) -> dict[str, Account]:
    """Source -> its account. `simulated`: the landing area that the simulator wrote."""
    month = Month.read(simulated / "generic")
    return {
        "zendesk": _zendesk(simulated),
        "zendesk_talk": _talk(month),
        "zendesk_qa": _spelt(zendesk_qa.ZendeskQa, zendesk_qa.account(month)),
        "freshdesk": _spelt(freshdesk.Freshdesk, freshdesk.account(month)),
        "intercom": _spelt(intercom.Intercom, intercom.account(month)),
        "aircall": _spelt(aircall.Aircall, aircall.account(month)),
        "shopify": _spelt(shopify.Shopify, shopify.account(month)),
        "amazon_seller": _spelt(amazon_seller.AmazonSeller, amazon_seller.account(month), date(2026, 1, 5)),
        "delighted": _spelt(delighted.Delighted, delighted.account(month)),
    }


def _zendesk(simulated: Path) -> Account:
    files = {
        str(path.relative_to(simulated)): path.read_bytes()
        for path in sorted((simulated / "zendesk").rglob("*"))
        if path.is_file() and path.parent.name in zendesk.VERSIONS
    }
    records = zendesk.account(simulated / "zendesk")
    return Account(lambda clock: zendesk.Zendesk(clock, copy.deepcopy(records)), files)


def _talk(month: Month) -> Account:
    files = zendesk_talk.exports(zendesk_talk.varied(month.streams["calls"]))
    own = {name: text.encode() for name, text in files.items() if name.startswith("zendesk_talk/")}
    told = containers({name: json.loads(body) for name, body in own.items()})
    records = {name: newest(rows, "id", "updated_at") for name, rows in told.items()}
    return Account(lambda clock: zendesk.Talk(clock, copy.deepcopy(records)), own)


def _spelt(vendor: type[Vendor], told: Told, since: date = SINCE) -> Account:
    records, files = told
    return Account(lambda clock: vendor(clock, copy.deepcopy(records)), files, since)


@dataclass
class PullingHome:
    """A home whose settings.toml says `[pulls.<source>]` with the server's address."""

    settings: Settings
    configuration: Configuration
    vendor: Vendor
    server: Server

    def pull(self, **asked: Any) -> dict[StreamId, Pulled]:
        return pull(self.settings, self.configuration, clock=self.server.clock.clock, **asked)

    def ingest(self) -> IngestResult:
        return load(self.settings, self.configuration, self.vendor.source)


@contextmanager
def pulling(home: Path, account: Account) -> Iterator[PullingHome]:
    clock = TestClock()
    vendor = account.vendor(clock)
    with ExitStack() as stack:
        stack.enter_context(patch.dict(APIS, {vendor.source: _in_small_pages(APIS[vendor.source], vendor.page_size)}))
        server = stack.enter_context(Server(vendor.answer, clock, vendor.per_minute).running())
        for name, path in vendor.hosts.items():
            stack.enter_context(patch(name, f"{server.url}{path}"))
        pulls = {vendor.source: {"url": server.url, "since": account.since}}
        environment = {"SUPPORT_KPIS_PII_KEY": KEY, **vendor.credentials}
        yield PullingHome(load_settings(home=home, env=environment), configured(pulls), vendor, server)


def _in_small_pages(api: Api, size: int | None) -> Api:
    """The same API, asked for few records at a time."""
    if size is None:
        return api

    def small(endpoint: Endpoint) -> Endpoint:
        follow = endpoint.follow and replace(endpoint.follow, size=endpoint.follow.size and 3)
        return replace(endpoint, paging=_smaller(endpoint.paging, size), follow=follow)

    return replace(api, endpoints=tuple(map(small, api.endpoints)))


def _smaller(paging: Paging, size: int) -> Paging:
    if isinstance(paging, InTurn):
        return replace(paging, ways=tuple(_smaller(way, size) for way in paging.ways))
    return replace(paging, size=(paging.size[0], size))


def configured(pulls: dict[str, Any]) -> Configuration:
    zones = {source: {"time_zone": "UTC"} for source, _ in STREAMS}
    return Configuration({**DEFAULTS, "sources": zones, "pulls": pulls}, {name: [] for name in TABLES}, "-")


def load(settings: Settings, configuration: Configuration, source: str) -> IngestResult:
    """Loads what has landed of a source; none of it may be refused."""
    result = ingest(settings, configuration, only=[id for id in STREAMS if id[0] == source], run_id="night")
    for stream in result.streams.values():
        assert (stream.rows_rejected, stream.quarantined_files) == (0, []), stream.messages
        assert stream.new_columns == {}
    return result


def _lake(settings: Settings, source: str) -> Iterator[tuple[Stream, Path, str]]:
    """Streams of a source that have rows, the folders of their files, their columns but ours as SQL."""
    for (name, stream), declared in STREAMS.items():
        folder = settings.lake / name / stream
        if name == source and any(folder.rglob("*.parquet")):
            columns = (f'"{column}"' for column in declared.lake_columns if column not in META_COLUMNS)
            yield declared, folder, ", ".join(columns)


def newest_rows(settings: Settings, source: str) -> dict[str, list[tuple]]:
    """Stream -> typed rows of the lake, the newest of every key, in order: what staging begins with."""
    found = {}
    for declared, folder, columns in _lake(settings, source):
        key = ", ".join(f'"{column}"' for column in declared.key)
        newest = f"{declared.version} desc, " if declared.version else ""
        with duckdb.connect() as con:
            relation = con.sql(
                f"select {columns} from read_parquet('{folder}/**/*.parquet', union_by_name = true) "
                f"qualify row_number() over (partition by {key} order by {newest}_load_no desc, _row_no desc) = 1"
            )
            found[declared.name] = sorted(relation.fetchall(), key=repr)
    return found


def landed(settings: Settings, source: str) -> dict[str, set[str]]:
    """Stream -> every record on its landed pages, as JSON text."""
    found: dict[str, set[str]] = {}
    for path in sorted((settings.landing / source).rglob("*.gz")):
        stream = path.relative_to(settings.landing / source).parts[0]
        body = gzip.decompress(path.read_bytes())
        if ".txt" in path.suffixes:
            found.setdefault(stream, set()).update(body.decode("latin-1").splitlines()[1:])
            continue
        for value in _values(body.decode()):
            records = value if isinstance(value, list) else value.get(STREAMS[source, stream].container, [value])
            found.setdefault(stream, set()).update(json.dumps(record, sort_keys=True) for record in records)
    return found


def _values(text: str) -> Iterator[Any]:
    """JSON values that stand one behind the other."""
    decoder, at = json.JSONDecoder(), 0
    while at < len(text):
        value, end = decoder.raw_decode(text, at)
        yield value
        at = end + len(text[end:]) - len(text[end:].lstrip())


def doubled(settings: Settings, source: str) -> dict[str, int]:
    """Stream -> rows of the lake that stand there more than once, where there are any."""
    found = {}
    for declared, folder, columns in _lake(settings, source):
        with duckdb.connect() as con:
            rows, distinct = con.execute(
                f"select count(*), count(distinct row({columns})) from read_parquet('{folder}/**/*.parquet')"
            ).fetchone()
        if rows != distinct:
            found[declared.name] = rows - distinct
    return found


def loaded_from_files(home: Path, source: str, account: Account) -> dict[str, list[tuple]]:
    """The rows that the account's file exports give."""
    settings = load_settings(home=home, env={"SUPPORT_KPIS_PII_KEY": KEY})
    for name, content in account.files.items():
        path = settings.landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    load(settings, configured({}), source)
    return newest_rows(settings, source)
