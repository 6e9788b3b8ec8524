"""`support-kpis spark` on a home, in the environment of the test, and what it built beside what the night published."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import duckdb

from ingestion.settings import CHECKOUT
from tests.helpers import published_keys
from tests.spark.sessions import SMALL, differences, spark_table


def spark(
    home: Path,
    *more: str,
    master: str = "local[2]",
    told: Callable[[str], None] = lambda line: None,
    env: Mapping[str, str] | None = None,
) -> tuple[int, list[str]]:
    """As of the current version. Exit code and what was said; `told` hears every line when it is said."""
    as_of = json.loads((home / "published" / "current" / "manifest.json").read_text())["as_of"]
    command = [sys.executable, "-m", "orchestration.cli", "spark", "--home", str(home), "--as-of", as_of]
    command += ["--master", master, *(part for name, value in SMALL.items() for part in ("--conf", f"{name}={value}"))]
    said = []
    streams = {"cwd": CHECKOUT, "env": os.environ | (env or {}), "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen([*command, *more], **streams) as process:
        for line in process.stderr:
            said.append(line.rstrip("\n"))
            told(said[-1])
    return process.returncode, said


def unlike_the_published(home: Path, said: list[str], folder: Path) -> dict[str, list[tuple]]:
    """Table -> rows of the build that `said` ends with which differ from those of the current version."""
    [shown] = [line for line in said if line.startswith("schema support_kpis shows ")]
    schema = shown.split(" tables of ")[1].split(",")[0]
    with duckdb.connect(str(home / "published" / "current" / "support_kpis.duckdb"), read_only=True) as con:
        there = {name for (name,) in con.execute("select table_name from duckdb_tables()").fetchall()}
        keys = {name: key for name, key in published_keys(folder).items() if name in there}
        assert len(keys) > 30 and f"shows {len(keys)} tables" in shown
        theirs = {name: spark_table(home / "spark", schema, name) for name in keys}
        return differences(con, {name: name for name in keys}, theirs, keys)
