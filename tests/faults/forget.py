"""Customers are forgotten one by one, by whatever they are known by: no trace of them may be left, and none come back.

Most are forgotten before anything is published, some by a call that is killed and called again; the last ones out of a
published home, where the numbers that ask for no customer must stay what they were. The exports then land once more.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb

from ingestion.catalogue import kpi_catalogue
from ingestion.configuration import load_configuration
from ingestion.run import IngestResult, ingest
from ingestion.settings import CHECKOUT, load_settings
from orchestration.lib.forget import forget
from orchestration.lib.job import Options, run_nightly
from tests.faults.persons import KEY, SETTINGS, WORDS, Person, land
from tests.faults.searching import found_in
from tests.faults.tally import Tally

TITLE = "customers forgotten, killed in between, exports loaded again"
FULL, SHORT = 40, 2
#: Of a full run, so many are forgotten out of a published home: each takes a night of its own.
PUBLISHED = 3
AS_OF = "2026-03-02T00:00:00Z"
#: KPIs whose definition names the customer.
ASKING = (
    "first_contact_resolution_rate", "repeat_order_count", "repeat_revenue", "repeat_revenue_share",
    "repeat_purchase_rate", "cross_sell_rate", "upsell_rate",
)  # fmt: skip
ENVIRONMENT = {"SUPPORT_KPIS_PII_KEY": KEY}


def run(count: int, root: Path) -> Tally:
    tally, rng = Tally(), random.Random(count)
    home = root / "home"
    persons = [Person(number) for number in range(1, count + 3)]
    (home / "config").mkdir(parents=True)
    (home / "config" / "settings.toml").write_text(SETTINGS)
    land(home / "landing", persons)
    os.environ.update(ENVIRONMENT)
    try:
        _ingest(home)
        _expect_known(tally, home, persons)
        leaving, staying = persons[:count], persons[count:]
        published = PUBLISHED if count > SHORT else 0
        for number, person in enumerate(leaving[: count - published]):
            _forget(tally, home, person, rng, kill=count > SHORT and number % 4 == 3)
        _load_again(tally, home, persons, leaving[: count - published], rng)
        if published:
            _out_of_a_published_home(tally, home, leaving[-published:], rng)
        for person in staying:
            tally.expect(
                len(found_in(home / "lake", person.needles()[-5:])) > 5, f"person {person.number} is gone, too"
            )
        _expect_audit(tally, home, count)
        nobody = forget(home, "email", "nobody@nowhere.example", 5)
        tally.expect(nobody.error is None and "nobody is known" in nobody.lines[0], f"an unknown person: {nobody}")
    finally:
        for name in ENVIRONMENT:
            del os.environ[name]
    return tally


def _ingest(home: Path) -> IngestResult:
    settings = load_settings(home=home)
    return ingest(settings, load_configuration(settings, kpi_catalogue()), run_id=f"load{time.monotonic_ns()}")


def _expect_known(tally: Tally, home: Path, persons: list[Person]) -> None:
    """Everybody stands where they should before: else a search that finds nothing would prove nothing."""
    for person in persons:
        raw, keys = person.needles()[:-5], person.needles()[-5:]
        tally.expect(
            not found_in(home, raw, ("landing", "quarantine")), f"person {person.number} stands raw in the home"
        )
        places = "\n".join(found_in(home, [*raw, *keys], ("landing",)))
        missing = [
            needle for needle in [person.emails[0], person.phones[0], person.customer_id, *keys] if needle not in places
        ]
        tally.expect(not missing, f"person {person.number} is not known by {missing}")


def _forget(tally: Tally, home: Path, person: Person, rng: random.Random, kill: bool) -> None:
    kind, text = person.spelled(rng)
    if kill:
        _killed(tally, home, kind, text, rng.uniform(1.5, 6))
    result = forget(home, kind, text, 5)
    _expect_gone(tally, home, person, f"after forget --{kind} '{text}'")
    tally.expect(result.error is None, f"forget --{kind} '{text}': {result.error}")
    named = any(f"broken{person.number}." in line for line in result.lines)
    tally.expect(named, f"person {person.number}: the landing files are not listed")
    tally.saw("forgotten")


def _killed(tally: Tally, home: Path, kind: str, text: str, seconds: float) -> None:
    command = [sys.executable, "-m", "orchestration.cli", "forget", f"--{kind}", text, "--home", str(home)]
    process = subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        tally.saw("calls killed and called again")


def _expect_gone(tally: Tally, home: Path, person: Person, when: str) -> None:
    found = found_in(home, person.needles(), ("landing",))
    tally.expect(not found, f"person {person.number} {when}: {len(found)} traces, e.g. {found[:3]}")


def _load_again(tally: Tally, home: Path, persons: list[Person], gone: list[Person], rng: random.Random) -> None:
    """The same rows in other files: not one is new, and nobody is back."""
    before = _lake_rows(home)
    land(home / "landing", persons, rng)
    result = _ingest(home)
    tally.expect(result.rows_read > 0, "the exports were not read again")
    new = {"/".join(id): done.rows_loaded for id, done in result.streams.items() if done.rows_loaded}
    tally.expect(not new and _lake_rows(home) == before, f"loaded again, rows are new: {new}")
    for person in gone:
        _expect_gone(tally, home, person, "loaded again")
    tally.saw("rows landed again", result.rows_read)


def _lake_rows(home: Path) -> int:
    files = [str(path) for path in (home / "lake").rglob("*.parquet")]
    return sum(duckdb.connect().execute("select count(*) from read_parquet(?)", [f]).fetchall()[0][0] for f in files)


def _out_of_a_published_home(tally: Tally, home: Path, persons: list[Person], rng: random.Random) -> None:
    for _ in range(2):
        outcome = run_nightly(Options(home=home, as_of=AS_OF))
        tally.expect(outcome.published, f"the night before: {outcome.error}")
    before = _numbers(home)
    for number, person in enumerate(persons):
        _forget(tally, home, person, rng, kill=number == 0)
        versions = list((home / "published" / "versions").iterdir())
        tally.expect(len(versions) == 1, f"{len(versions)} versions stay")
        tally.expect(_numbers(home) == before, "a number that asks for no customer has moved")
        tally.saw("of them out of a published home")
    outcome = run_nightly(Options(home=home, as_of=AS_OF))
    tally.expect(outcome.published and outcome.rows_loaded == 0, f"the night after: {outcome}")
    for person in persons:
        _expect_gone(tally, home, person, "after the night after")
    tally.expect(not found_in(home, [WORDS], ("landing", "quarantine")), "what customers wrote is stored")


def _numbers(home: Path) -> list[tuple]:
    with duckdb.connect(str(home / "published" / "current" / "support_kpis.duckdb"), read_only=True) as con:
        sql = "select * from mart_kpi_timeseries where not list_contains(?, kpi_id) order by all"
        return con.execute(sql, [list(ASKING)]).fetchall()


def _expect_audit(tally: Tally, home: Path, count: int) -> None:
    lines = [json.loads(line) for line in (home / "state" / "forgotten.jsonl").read_text().splitlines()]
    runs = {line["run_id"] for line in lines}
    tally.expect(len(lines) == len(runs) >= count, f"{len(lines)} audit lines of {len(runs)} calls")
    keys = {"at", "finished_at", "run_id", "kind", "counts"}
    tally.expect(all(line.keys() == keys for line in lines), "an audit line says something else")
