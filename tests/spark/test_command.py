"""`support-kpis spark` on a home with a night in it: what it shows, what a failed build leaves, what `forget` takes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from ingestion.settings import CHECKOUT
from tests.helpers import published_keys, support_kpis
from tests.spark.sessions import SMALL, differences, needs_spark, spark_table

CONF = [part for name, value in SMALL.items() for part in ("--conf", f"{name}={value}")]


def spark(home: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """In the environment of this test."""
    command = [
        sys.executable,
        "-m",
        "orchestration.cli",
        "spark",
        "--home",
        str(home),
        "--master",
        "local[2]",
        *CONF,
        *more,
    ]
    return subprocess.run(command, cwd=CHECKOUT, env={**os.environ}, capture_output=True, text=True, check=False)


def test_without_the_packages_or_a_night_it_says_what_to_do(tmp_path, home_after_first_night):
    done = support_kpis("spark", "--home", tmp_path / "nowhere")
    assert done.returncode == 1 and "start with support-kpis run" in done.stderr
    done = support_kpis("spark", "--home", home_after_first_night, "--conf", "spark.executor.memory")
    assert done.returncode == 2 and "write NAME=VALUE" in done.stderr


@pytest.mark.long
@needs_spark
def test_it_shows_what_the_night_published_and_a_failed_build_changes_nothing(home_after_first_night, tmp_path):
    home = home_after_first_night
    manifest = json.loads((home / "published" / "current" / "manifest.json").read_text())
    done = spark(home, "--as-of", manifest["as_of"])
    assert done.returncode == 0, done.stderr[-2000:]
    [said] = [line for line in done.stderr.splitlines() if line.startswith("schema support_kpis shows ")]
    schema = said.split(" tables of ")[1].split(",")[0]
    place = home / "spark"
    keys = published_keys(tmp_path / "keys")
    with duckdb.connect(str(home / "published" / "current" / "support_kpis.duckdb"), read_only=True) as con:
        shown = {name for (name,) in con.execute("select table_name from duckdb_tables()").fetchall()}
        told = {name: key for name, key in keys.items() if name in shown}
        theirs = {name: spark_table(place, schema, name) for name in told}
        assert differences(con, {name: name for name in told}, theirs, told) == {} and len(told) > 30
    # Files that are not the lake's: the models fail on them, and the build is gone without a trace.
    for file in (home / "lake" / "generic" / "tickets").rglob("*.parquet"):
        file.write_bytes(b"no Parquet")
    done = spark(home, "--as-of", manifest["as_of"])
    assert done.returncode == 1 and "its views are as they were" in done.stderr, done.stderr[-2000:]
    assert [path.name for path in (place / "tables").glob("support_kpis_run_*")] == [f"{schema}.db"]
    assert [path.name for path in (place / "sources").iterdir()] == [schema]
