"""Files made to harm: one function each that lands them. What must come of them stands beside the function's name.

How they are loaded and judged is for hostile.py.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import socket
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import zstandard

from tests.faults.exports import CALLS, ZENDESK_TICKETS, good_text
from tests.faults.ingesting import Home

MEGABYTE = 1 << 20
CALLS_FOLDER, TICKETS_FOLDER = "generic/calls", "zendesk/tickets"
HEADER = ",".join(CALLS.columns)
#: Numbers of the good rows that stand in hostile files; others are the judge's.
FIRST = 9000


@dataclass(frozen=True)
class Hostile:
    """`refused`: files quarantined whole; `rejected`, `loaded`: rows; `passed_over`: entries that are not opened."""

    title: str
    land: Callable[[Home], None]
    refused: int = 0
    rejected: int = 0
    loaded: int = 0
    passed_over: int = 0


def csv(*numbers: int) -> str:
    return good_text(CALLS, [CALLS.row(FIRST + n) for n in numbers])


def lines(*numbers: int) -> str:
    return good_text(ZENDESK_TICKETS, [ZENDESK_TICKETS.row(FIRST + n) for n in numbers], "lines")


def _zeros(megabytes: int) -> Iterator[bytes]:
    yield HEADER.encode() + b"\n"
    for _ in range(megabytes):
        yield b"0" * MEGABYTE


def _gzip_bomb(home: Home) -> None:
    with gzip.open(home.land(f"{CALLS_FOLDER}/bomb.csv.gz", b""), "wb", compresslevel=6) as out:
        for block in _zeros(600):
            out.write(block)


def _gzip_bomb_of_rows(home: Home) -> None:
    """Good lines all of it, about 300 to 1."""
    row = csv(1).split("\n")[1].encode() + b"\n"
    with gzip.open(home.land(f"{CALLS_FOLDER}/rows.csv.gz", b""), "wb", compresslevel=9) as out:
        out.write(HEADER.encode() + b"\n")
        for _ in range(300):
            out.write(row * (MEGABYTE // len(row)))


def _zstd_bomb(home: Home) -> None:
    raw = home.land(f"{CALLS_FOLDER}/bomb.csv.zst", b"").open("wb")
    with zstandard.ZstdCompressor().stream_writer(raw) as out:
        for block in _zeros(2000):
            out.write(block)


def _zstd_window(home: Home) -> None:
    """A frame that asks for a window of two gigabytes."""
    parameters = zstandard.ZstdCompressionParameters(window_log=31, enable_ldm=False)
    raw = home.land(f"{CALLS_FOLDER}/window.csv.zst", b"").open("wb")
    with zstandard.ZstdCompressor(compression_params=parameters).stream_writer(raw) as out:
        out.write(csv(1).encode())


def _archives(home: Home) -> None:
    """Members with absolute paths and with `..`; a name in a gzip header that leads outside."""
    target = str(home.path.parent / "escaped")
    for name in (target, "../../../escaped", "a/../../../../escaped"):
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w") as tar:
            member = tarfile.TarInfo(name)
            member.size = 4
            tar.addfile(member, io.BytesIO(b"data"))
        home.land(f"{CALLS_FOLDER}/{len(name)}.tar.gz", gzip.compress(packed.getvalue()))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../../../escaped", "data")
    home.land(f"{CALLS_FOLDER}/a.zip", packed.getvalue())
    home.land(f"{CALLS_FOLDER}/twice.csv.gz.gz", gzip.compress(gzip.compress(csv(1).encode())))
    with gzip.GzipFile("../../../escaped", "wb", fileobj=(packed := io.BytesIO())) as out:
        out.write(csv(1).encode())
    home.land(f"{CALLS_FOLDER}/named.csv.gz", packed.getvalue())


def _links(home: Home) -> None:
    folder = home.land(f"{CALLS_FOLDER}/plain.csv", csv(1)).parent
    outside = home.path.parent / "outside.csv"
    outside.write_text(csv(2))
    (folder / "link.csv").symlink_to(outside)
    (folder / "relative.csv").symlink_to("../../../../outside.csv")
    (folder / "dangling.csv").symlink_to("/nowhere/at/all")
    (folder / "itself").symlink_to("itself")
    (folder / "up").symlink_to("..")
    (home.settings.landing / "linked_source").symlink_to(home.path.parent)


def _specials(home: Home) -> None:
    folder = home.land(f"{CALLS_FOLDER}/plain.csv", csv(1)).parent
    os.mkfifo(folder / "pipe.csv")
    os.mkfifo(folder / "pipe.csv.gz")
    at = Path.cwd()
    os.chdir(folder)  # A socket's address has room for a short path only.
    try:
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind("socket.csv")
    finally:
        os.chdir(at)


def _names(home: Home) -> None:
    """Names that are SQL, shell, wildcards, partitions, paths, markup, or no text at all. Two of them are hidden."""
    names = (
        b"it's.csv", b'say "x".csv', b"a\nb.csv", b"\t.csv", b"'; DROP TABLE contents; --.csv", b"$(touch escaped).csv",
        b"`touch escaped`.csv", b"; touch escaped.csv", b"*.csv", b"?.csv", b"**", b"[a-z].csv", b"{a,b}.csv",
        b"a\\b*.csv",
        b"call_id=evil.csv", b"%2e%2e%2fescaped.csv", b"..csv", b"...", b"-rf", b"<img src=x onerror=alert(1)>.csv",
        b"\xff\xfe.csv", b"\xc3\x28.csv", "Zu\u0308rich \u202egnp.csv".encode(), b" .csv", b"x" * 250 + b".csv", b"NUL",
        b"https:x.csv", b"a.csv?x=1#y",
    )  # fmt: skip
    folder = os.fsencode(home.land(f"{CALLS_FOLDER}/c0=evil/queue=evil/_file_no=7/a.csv", csv(500)).parent.parent)
    for n, name in enumerate(names):
        Path(os.fsdecode(folder + b"/" + name)).write_text(csv(n))


def _long_line_of_csv(home: Home) -> None:
    home.land(f"{CALLS_FOLDER}/a.csv", csv(1) + "x" * (40 * MEGABYTE) + "\n" + csv(2).split("\n")[1] + "\n")


def _long_cells(home: Home) -> None:
    home.land(f"{CALLS_FOLDER}/a.csv", csv(1) + '"' + ('x""\n' * (10 * MEGABYTE)) + '"\n')


def _long_line_of_json(home: Home) -> None:
    long = json.dumps(ZENDESK_TICKETS.record(ZENDESK_TICKETS.row(1)) | {"priority": "x" * (40 * MEGABYTE)})
    home.land(f"{TICKETS_FOLDER}/a.json", lines(1) + long + "\n" + lines(2))


def _long_page(home: Home) -> None:
    records = [ZENDESK_TICKETS.record(ZENDESK_TICKETS.row(FIRST + n)) for n in (1, 2, 3)]
    records[1]["priority"] = "x" * (40 * MEGABYTE)
    home.land(f"{TICKETS_FOLDER}/a.json", json.dumps({"tickets": records}))


def _long_log_line(home: Home) -> None:
    home.land("asterisk/queue_log/queue_log", "1767254400|" + "x" * (40 * MEGABYTE) + "\n")


def _million_columns(home: Home) -> None:
    home.land(f"{CALLS_FOLDER}/a.csv", HEADER + "".join(f",c{n}" for n in range(1_000_000)) + "\n")


def _million_keys(home: Home) -> None:
    keys = {f"k{n}": n for n in range(1_000_000)}
    home.land(f"{TICKETS_FOLDER}/a.json", lines(1) + json.dumps(keys) + "\n" + lines(2))
    home.land(f"{TICKETS_FOLDER}/b.json", json.dumps({"tickets": [keys]}))


def _new_keys_in_each_record(home: Home) -> None:
    records = [ZENDESK_TICKETS.record(ZENDESK_TICKETS.row(FIRST + n)) | {f"{n}-{k}": 1 for k in range(500)}
               for n in range(200)]  # fmt: skip
    home.land(f"{TICKETS_FOLDER}/a.json", "".join(json.dumps(record) + "\n" for record in records))


def _deep(home: Home) -> None:
    for n, (opened, inner, closed) in enumerate((("[", "", "]"), ('{"a":', "1", "}"), ('[{"tickets":', "1", "}]"))):
        home.land(f"{TICKETS_FOLDER}/{n}.json", opened * 2_000_000 + inner + closed * 2_000_000)
        home.land(f"{TICKETS_FOLDER}/{n}_open.json", opened * 2_000_000)


def _children(home: Home) -> None:
    """A long record that would stand beside each of its many children."""
    children = [{"id": n, "type": "Comment"} for n in range(50_000)]
    parent = {"id": 1, "ticket_id": 1, "created_at": "2026-03-01T08:00:00Z", "via": "x" * (5 * MEGABYTE)}
    home.land("zendesk/ticket_events/a.json", json.dumps({"ticket_events": [parent | {"child_events": children}]}))


def _cells_of_sql(home: Home) -> None:
    texts = (
        "'; DROP TABLE typed; --",
        "'||(SELECT 1)||'",
        "=cmd|' /C calc'!A0",
        "{{ 7*7 }}",
        "$(touch escaped)",
        "%s%n",
    )
    rows = [CALLS.row(FIRST + n) | {"queue": text, "team": text} for n, text in enumerate(texts)]
    home.land(f"{CALLS_FOLDER}/a.csv", good_text(CALLS, rows))


def _quotes(home: Home) -> None:
    """Quotes that open on every line, so that each asks for those after it."""
    home.land(f"{CALLS_FOLDER}/a.csv", HEADER + "\n" + 'a,"b\n' * 20_000)


HOSTILES = (
    Hostile("a gzip bomb", _gzip_bomb, refused=1),
    Hostile("a gzip bomb of good rows", _gzip_bomb_of_rows, refused=1),
    Hostile("a zstd bomb", _zstd_bomb, refused=1),
    Hostile("a zstd window of 2 GB", _zstd_window, refused=1),
    Hostile("archives with paths that lead outside", _archives, refused=5, loaded=1),
    Hostile("links", _links, loaded=1, passed_over=6),
    Hostile("FIFOs and a socket", _specials, loaded=1, passed_over=3),
    Hostile("odd file names", _names, loaded=27),
    Hostile("a CSV line of 40 MB", _long_line_of_csv, rejected=1, loaded=2),
    Hostile("a CSV cell of 40 MB", _long_cells, refused=1),
    Hostile("a JSON line of 40 MB", _long_line_of_json, rejected=1, loaded=2),
    Hostile("a JSON page with a value of 40 MB", _long_page, rejected=1, loaded=2),
    Hostile("a log line of 40 MB", _long_log_line, rejected=1),
    Hostile("a million columns", _million_columns, refused=1),
    Hostile("a million keys", _million_keys, rejected=2, loaded=2),
    Hostile("100,000 new keys", _new_keys_in_each_record, loaded=200),
    Hostile("nesting of millions", _deep, refused=6),
    Hostile("a long record with many children", _children, rejected=1),
    Hostile("cells of SQL, shell and formulas", _cells_of_sql, loaded=6),
    Hostile("20,000 open quotes", _quotes, rejected=20_000),
)
