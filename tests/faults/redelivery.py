"""The same exports again: every file three times under other names and in other order, re-compressed and split in two.

The judgement is of its own: contents are hashed here, and rows are compared with those of a plain delivery. Not here:
rows that overlap without being the same export (tests/worlds).
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

import duckdb
import zstandard

from ingestion.adapters import STREAMS
from ingestion.pii_key import PII_KEY_FILE
from ingestion.simulator import simulate
from orchestration.lib.job import Options, run_nightly
from tests.faults.in_memory import ENVIRONMENT, Night, built, judged, load
from tests.faults.tally import Tally

TITLE = "Every file three times, shuffled, renamed, re-compressed, split in two, over two nights: the same tables"
FULL = 20
SHORT = 1
#: Of the full count, so many also as whole nights through Dagster and dbt.
WHOLE_NIGHTS = 1
END, AS_OF = date(2026, 3, 30), "2026-03-30T00:00:00+00:00"
DAYS, CONTACTS_PER_DAY = 8, 25
PACKERS = {"": bytes, ".gz": gzip.compress, ".zst": zstandard.compress}
ACCOUNTING = "select source, stream, content_hash, rows_loaded from mart_row_accounting"


@dataclass(frozen=True)
class Delivery:
    """One file to land: its stream's folder, name and decompressed bytes. `night`: 0 or 1."""

    folder: str
    name: str
    content: bytes
    night: int

    @property
    def identity(self) -> tuple[str, str, str]:
        source, stream = self.folder.split("/")
        return source, stream, hashlib.sha256(self.content).hexdigest()


def run(count: int, root: Path) -> Tally:
    tally = Tally()
    for seed in range(count):
        plain, again = root / "plain", root / "again"
        simulate(plain / "landing", days=DAYS, contacts_per_day=CONTACTS_PER_DAY, seed=seed, end=END)
        pick = Random(seed)
        deliveries = list(redelivered(plain / "landing", pick))
        _compare(tally, f"seed {seed}", plain, again, deliveries)
        if count == FULL and seed < WHOLE_NIGHTS:
            _compare_whole_nights(tally, f"seed {seed} through the whole job", root, plain, deliveries)
        tally.saw("files landed", len(deliveries))
        shutil.rmtree(plain)
        shutil.rmtree(again)
    return tally


def redelivered(landing: Path, pick: Random) -> Iterator[Delivery]:
    """Every file twice whole and once in halves, names and order drawn anew.

    A log's first half comes a night early: it has grown by the second. The halves of a full snapshot come together: one
    alone would be a snapshot that has shrunk, which rightly stops the night.
    """
    for path in sorted(path for path in landing.rglob("*") if path.is_file()):
        folder, content = "/".join(path.relative_to(landing).parts[:2]), _unpacked(path)
        stream = STREAMS[tuple(folder.split("/"))]
        nights = [1, 1, 0, 1] if stream.shape == "log" else [pick.randrange(2) for _ in range(4)]
        if stream.snapshot:
            nights[3] = nights[2]
        for night, piece in zip(nights, [content, content, *halves(path.name, content)], strict=True):
            yield Delivery(folder, f"{pick.randrange(16**8):08x}{_suffix(path)}", piece, night)


def halves(name: str, content: bytes) -> list[bytes]:
    """Rows in two files, each with the header; a page of JSON as two pages; a log cut between two lines."""
    if name.endswith(".json"):
        page = json.loads(content)
        records = next(key for key, value in page.items() if isinstance(value, list))
        middle = len(page[records]) // 2
        parts = page[records][:middle], page[records][middle:]
        return [json.dumps(page | {records: part}).encode() for part in parts]
    lines = content.splitlines(keepends=True)
    header = lines[:1] if ".csv" in name else []
    rows = lines[len(header) :]
    return [b"".join([*header, *part]) for part in (rows[: len(rows) // 2], rows[len(rows) // 2 :])]


def _suffix(path: Path) -> str:
    """The suffix of what is inside."""
    return "".join(suffix for suffix in path.suffixes if suffix in (".csv", ".json"))


def _unpacked(path: Path) -> bytes:
    content = path.read_bytes()
    if path.suffix == ".gz":
        return gzip.decompress(content)
    return zstandard.ZstdDecompressor().decompressobj().decompress(content) if path.suffix == ".zst" else content


def _land(home: Path, deliveries: list[Delivery], night: int, pick: Random) -> None:
    for delivery in deliveries:
        if delivery.night == night:
            ending = pick.choice(sorted(PACKERS))
            path = home / "landing" / delivery.folder / f"{delivery.name}{ending}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(PACKERS[ending](delivery.content))


def _compare(tally: Tally, title: str, plain: Path, again: Path, deliveries: list[Delivery]) -> None:
    expected, loaded, _ = _night(plain)
    _land(again, deliveries, 0, Random(0))
    load(again, AS_OF)
    _land(again, deliveries, 1, Random(1))
    found, loaded_again, contents = _night(again)
    _judge(tally, title, expected.hashes, found.hashes)
    tally.expect(loaded == loaded_again, f"{title}: rows loaded {loaded}, and again {loaded_again}")
    _judge_contents(tally, title, deliveries, contents)
    tally.expect(not found.blocked, f"{title}: blocked by {found.blocked}")


def _night(home: Path) -> tuple[Night, dict[tuple[str, str], int], list[tuple[str, str, str]]]:
    """The night, rows loaded per stream, and the contents that the accounting has."""
    with built(home, AS_OF) as (con, ingested):
        rows = con.execute(ACCOUNTING).fetchall()
        return judged(con, ingested), *_accounted(rows)


def _accounted(rows: list[tuple]) -> tuple[dict[tuple[str, str], int], list[tuple[str, str, str]]]:
    loaded: dict[tuple[str, str], int] = {}
    for source, stream, _, count in rows:
        loaded[source, stream] = loaded.get((source, stream), 0) + count
    return loaded, [row[:3] for row in rows]


def _judge(tally: Tally, title: str, expected: dict[str, str], found: dict[str, str]) -> None:
    different = sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))
    tally.expect(not different, f"{title}: other rows in {', '.join(different)}")
    tally.saw("tables compared", len(expected))


def _judge_contents(tally: Tally, title: str, deliveries: list[Delivery], contents: list[tuple[str, str, str]]) -> None:
    wanted = {delivery.identity for delivery in deliveries}
    said = f"{title}: {len(contents)} rows for {len(wanted)} contents, apart in {sorted(wanted ^ set(contents))[:3]}"
    tally.expect(sorted(contents) == sorted(wanted), said)


def _compare_whole_nights(tally: Tally, title: str, root: Path, plain: Path, deliveries: list[Delivery]) -> None:
    """The same through `support-kpis run`, and judged by what is published."""
    homes = {"once": root / "once", "thrice": root / "thrice"}
    shutil.copytree(plain / "landing", homes["once"] / "landing")
    published = {}
    for name, home in homes.items():
        home.mkdir(exist_ok=True)
        (home / PII_KEY_FILE).write_text(next(iter(ENVIRONMENT.values())))
        for night in range(2):
            if name == "thrice":
                _land(home, deliveries, night, Random(night))
            outcome = run_nightly(Options(home=home, as_of=AS_OF))
            tally.expect(outcome.published, f"{title}, {name}: {outcome.error}")
        manifest = json.loads((home / "published" / "current" / "manifest.json").read_text())
        published[name] = {table: facts["hash"] for table, facts in manifest["tables"].items()}
        del published[name]["mart_row_accounting"]
    _judge(tally, title, published["once"], published["thrice"])
    with duckdb.connect(str(homes["thrice"] / "published" / "current" / "support_kpis.duckdb"), read_only=True) as con:
        _judge_contents(tally, title, deliveries, _accounted(con.execute(ACCOUNTING).fetchall())[1])
