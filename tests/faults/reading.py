"""A reader of the published version, in a process of its own: `python -m tests.faults.reading PUBLISHED STOP KIND`.

Says "ready", reads until the file STOP is there (touching look-PID beside it before each look), then prints one JSON
object: reads, generations seen, what was wrong.
It uses nothing of the project, as a BI tool would. Not here: who publishes (readers.py).
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import duckdb

TABLES = ("dim_one", "fct_two", "mart_three")


def main(published: Path, stop: Path, kind: str) -> dict:
    told = {"reads": 0, "generations": [], "wrong": []}
    read = {"reconnecting": _reconnect, "lasting": _stay}[kind]
    for generation in read(published, stop, told["wrong"]):
        told["reads"] += 1
        seen = told["generations"]
        if seen and generation < seen[-1]:
            told["wrong"].append(f"backwards from {seen[-1]} to {generation}")
        if not seen or generation != seen[-1]:
            seen.append(generation)
    return told


def _reconnect(published: Path, stop: Path, wrong: list[str]):
    """Opens the file anew for each look, through the link or at the place the link leads to just now."""
    number = 0
    look = stop.with_name(f"look-{os.getpid()}")
    while not stop.exists():
        number += 1
        look.touch()
        try:
            if number % 2:
                with duckdb.connect(str(published / "current" / "support_kpis.duckdb"), read_only=True) as connection:
                    yield _generation(connection, wrong)
            else:
                yield _whole_version((published / "current").resolve(strict=True), wrong)
        except (OSError, ValueError, duckdb.Error) as error:
            wrong.append(" ".join(str(error).split())[:300])


def _stay(published: Path, stop: Path, wrong: list[str]):
    """Opens the file once and keeps it, long after its version has been deleted."""
    with duckdb.connect(str(published / "current" / "support_kpis.duckdb"), read_only=True) as connection:
        first = _generation(connection, wrong)
        while not stop.exists():
            try:
                generation = _generation(connection, wrong)
            except duckdb.Error as error:
                wrong.append(" ".join(str(error).split())[:300])
                continue
            if generation != first:
                wrong.append(f"an open file went from {first} to {generation}")
            yield generation


def _whole_version(version: Path, wrong: list[str]) -> int:
    """All files of one version: they must be of one generation."""
    said = json.loads((version / "manifest.json").read_text())["generation"]
    with duckdb.connect(str(version / "support_kpis.duckdb"), read_only=True) as connection:
        found = {said, _generation(connection, wrong)}
        for table in TABLES:
            parquet = version / "parquet" / f"{table}.parquet"
            rows = connection.execute("select distinct generation from read_parquet(?)", [str(parquet)]).fetchall()
            found |= {generation for (generation,) in rows}
    if len(found) > 1 or version.name != f"run-{said}":
        wrong.append(f"{version.name} holds generations {sorted(found)}")
    return said


def _generation(connection: duckdb.DuckDBPyConnection, wrong: list[str]) -> int:
    """The one generation of all tables, asked for one after the other."""
    found = {
        row
        for t in TABLES
        for row in connection.execute(f"select min(generation), max(generation) from {t}").fetchall()
    }
    if len(found) > 1:
        wrong.append(f"torn: {sorted(found)}")
    return min(low for low, _ in found)


if __name__ == "__main__":
    print("ready", flush=True)
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])))
