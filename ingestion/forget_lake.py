"""Takes a person out of the lake: files that hold one of the keys are written anew with nulls in their place.

Row hashes are those that the loader would give the rows now, so that the same exports, landed again, are duplicates.
The new files count from the moment at which the manifest lists them; who the person is says forget_links.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb

from ingestion.adapters import STREAMS
from ingestion.forgotten_text import ForgottenText
from ingestion.lake import write_rows
from ingestion.manifest import Manifest
from ingestion.quoting import identifier, literal
from ingestion.streams import Stream
from ingestion.typed import row_hash


def write_without(
    con: duckdb.DuckDBPyConnection, lake: Path, manifest: Manifest, text: ForgottenText
) -> tuple[dict[str, str], Counter[str]]:
    """Writes the files anew that hold a key of the table `person`, or `text` in a kept column.

    Gives old -> new path, for the manifest to switch, and how many rows of which stream lost something.
    """
    number = manifest.forget_count() + 1
    switched: dict[str, str] = {}
    rows: Counter[str] = Counter()
    for id, stream in STREAMS.items():
        files = manifest.lake_files(id)
        for file, count in _affected(con, lake, stream, files, text):
            name = str(file.relative_to(lake))
            new = f"{name.removesuffix('.parquet').split('-forget')[0]}-forget{number}.parquet"
            relation = (
                f"(SELECT * EXCLUDE (filename) FROM rewritten WHERE filename = {literal(str(file))} ORDER BY _at)"
            )
            write_rows(con, lake / new, stream, relation)
            switched[name] = new
            rows["/".join(id)] += count
    return switched, rows


def _affected(
    con: duckdb.DuckDBPyConnection, lake: Path, stream: Stream, files: list[str], text: ForgottenText
) -> Iterator[tuple[Path, int]]:
    """Makes `rewritten`, all rows of the stream's files that hold the person; gives those files with their counts."""
    people = [identifier(column.lake_name) for column in stream.columns if column.person]
    if not files:
        return
    scan = _scan(stream, [str(lake / name) for name in files])
    _make_scrubs(con, scan, text)
    scrubs = con.execute("SELECT count(*) FROM scrubs").fetchall()[0][0]
    if not people and not scrubs:
        return
    holds = " OR ".join([f"coalesce({name} IN (SELECT key FROM person), false)" for name in people]
                        + ["coalesce(_extra IN (SELECT old FROM scrubs), false)"])  # fmt: skip
    counted = f"SELECT filename, count(*) FROM ({scan}) WHERE {holds} GROUP BY 1 ORDER BY 1"
    found = con.execute(counted).fetchall()
    if not found:
        return
    nulled = [f"CASE WHEN {name} IN (SELECT key FROM person) THEN NULL ELSE {name} END AS {name}" for name in people]
    nulled.append("CASE WHEN _extra IN (SELECT old FROM scrubs) THEN (SELECT new FROM scrubs WHERE old = _extra) "
                  "ELSE _extra END AS _extra")  # fmt: skip
    if stream.shape == "log":
        # A line's number depends on its equals, which may stand in any file.
        wanted, hashed = "", _numbered(row_hash(stream))
    else:
        wanted, hashed = f"WHERE filename IN (SELECT filename FROM ({scan}) WHERE {holds})", row_hash(stream)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE rewritten AS SELECT * EXCLUDE (_holds) REPLACE (CASE WHEN _holds THEN {hashed} "
        f"ELSE _row_hash END AS _row_hash) FROM (SELECT * EXCLUDE (_holds) REPLACE ({', '.join(nulled)}), _holds FROM "
        f"(SELECT *, {holds} AS _holds FROM ({scan}) {wanted}))"
    )
    yield from ((Path(file), count) for file, count in found)


def _scan(stream: Stream, files: list[str]) -> str:
    """The stream's columns over lake files; one that a file has not yet is null. `_at`: the place in the file."""
    empty = ", ".join(f"NULL::{type} AS {identifier(name)}" for name, type in stream.lake_columns.items())
    listed = ", ".join(literal(file) for file in files)
    names = ", ".join(identifier(name) for name in stream.lake_columns)
    return (
        f"SELECT {names}, filename, _at FROM (SELECT {empty}, NULL::VARCHAR AS filename, NULL::BIGINT AS _at "
        "WHERE false UNION ALL BY NAME SELECT * EXCLUDE (file_row_number), file_row_number AS _at "
        f"FROM read_parquet([{listed}], "
        "union_by_name=true, hive_partitioning=false, filename=true, file_row_number=true))"
    )


def _numbered(hashed: str) -> str:
    """The loader's number of equal lines: those that become equal now come after those that already are."""
    of_equals = f"PARTITION BY {hashed}"
    return (
        f"md5({hashed} || ':' || (count(*) FILTER (NOT _holds) OVER ({of_equals}) "
        f"+ row_number() OVER ({of_equals}, _holds ORDER BY _load_no, _row_no)))"
    )


def _make_scrubs(con: duckdb.DuckDBPyConnection, scan: str, text: ForgottenText) -> None:
    """Table `scrubs` (old, new): kept columns that name the person."""
    con.execute("CREATE OR REPLACE TEMP TABLE scrubs (old VARCHAR, new VARCHAR)")
    for (old,) in con.execute(f"SELECT DISTINCT _extra FROM ({scan}) WHERE _extra IS NOT NULL").fetchall():
        if (new := text.scrubbed(old)) != old:
            con.execute("INSERT INTO scrubs VALUES (?, ?)", [old, new])
