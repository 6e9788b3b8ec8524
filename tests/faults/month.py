"""A month of nights in one home that nobody touches, with a fault in one night of ten; nothing lost, nothing grows on.

Faults: the run is killed, a broken export lands, a disk is full, somebody holds the warehouse open. The night after is
an ordinary one. After each night everything with an age gets a day older. At the end the tables must be those of a new
home that reads everything in one night.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from ingestion.settings import CHECKOUT
from tests.faults import nights
from tests.faults.tally import Tally

TITLE = "nights in a row in one home, a random fault in one of ten, a million rows in all"
FULL, SHORT = 30, 2
SEED = 415
END = date(2026, 3, 2)
#: Contacts of a night; a contact comes with about 14 rows of tickets, events, messages, orders, schedules.
CONTACTS_PER_DAY = {FULL: 2500, SHORT: 15}
ROWS = {FULL: 1_000_000, SHORT: 500}
VERSIONS, DAYS_KEPT = 3, 5
SETTINGS = f"[retention]\nversions = {VERSIONS}\nlog_days = {DAYS_KEPT}\nrun_days = {DAYS_KEPT}\n"
FAULTS = ("killed run", "broken export", "full disk", "warehouse held open")
HOLD_SECONDS = 5
HOLDER = "import duckdb, sys, time; c = duckdb.connect(sys.argv[1], read_only=True); time.sleep(float(sys.argv[2]))"
#: What one run leaves with Dagster and in the logs at most, dbt's own logs and artifacts apart, and the empty home.
RUN_MIB, REST_MIB = 12, 100


def run(count: int, root: Path) -> Tally:
    tally, chance = Tally(), random.Random(SEED)
    assert count in ROWS, f"{count} nights are not prepared; {' or '.join(map(str, ROWS))} are"
    waiting, home = root / "waiting", root / "home"
    nights.simulated(waiting, count, CONTACTS_PER_DAY[count], SEED, end=END.isoformat())
    (home / "config").mkdir(parents=True)
    (home / "config" / "settings.toml").write_text(SETTINGS)
    faults = _faults(count, chance)
    sizes = []
    for number in range(count):
        day = END - timedelta(days=count - number - 1)
        _land(waiting, home / "landing", day - timedelta(days=1) if number < count - 1 else END)
        fault = faults.get(number)
        published = _night(home, fault, f"{day}T00:00:00Z", chance, f"night {number} ({fault or 'ordinary'})", tally)
        tally.saw(fault or "ordinary nights")
        print(f"night {number} ({fault or 'ordinary'}): {published}", file=sys.stderr, flush=True)
        if not published:
            continue
        for wrong in [*_unbounded(home), *nights.faults_of_version(home), *nights.leftovers(home)]:
            tally.expect(False, f"night {number}: {wrong}")
        sizes.append(_mib(home / "dagster"))
        _age(home)
    half = sizes[len(sizes) // 2 :]
    tally.expect(count == SHORT or half[-1] <= 1.25 * half[0], f"Dagster's storage grows on: {sizes} MiB")
    _nothing_lost(home, root / "anew", count, tally)
    return tally


def _faults(count: int, chance: random.Random) -> dict[int, str]:
    """Night -> fault, one in each ten (one of two), never the last night."""
    tens = [range(start, min(start + 10, count - 1)) for start in range(0, count, 10)]
    return dict(zip([chance.choice(ten) for ten in tens], chance.sample(FAULTS, len(tens)), strict=True))


def _land(waiting: Path, landing: Path, until: date) -> None:
    """Moves the exports that are named after a day before `until`; those without a day come last."""
    for path in sorted(path for path in waiting.rglob("*") if path.is_file()):
        named = re.search(r"\d{4}-\d\d-\d\d", path.name)
        if (named[0] if named else (END - timedelta(days=1)).isoformat()) < until.isoformat():
            target = landing / path.relative_to(waiting)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)


def _night(home: Path, fault: str | None, as_of: str, chance: random.Random, where: str, tally: Tally) -> bool:
    """Whether it published, as it must but for a kill and a full disk."""
    settings = home / "config" / "settings.toml"
    if fault == "broken export":
        folder = home / "landing" / "generic" / "calls"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"broken-{as_of[:10]}.csv.gz").write_bytes(b"\x1f\x8b\x08\x00" + chance.randbytes(500))
    if fault == "full disk":
        settings.write_text(f"{SETTINGS}[limits]\nfree_mib = {1 << 40}\n")
    if fault == "warehouse held open" and (home / "warehouse" / "warehouse.duckdb").exists():
        holder = [sys.executable, "-c", HOLDER, str(home / "warehouse" / "warehouse.duckdb"), str(HOLD_SECONDS)]
        subprocess.Popen(holder, cwd=CHECKOUT)
    process = nights.start(home, as_of=as_of)
    if fault == "killed run":
        line = next(line for line in process.stderr if "dbt: building" in line)
        time.sleep(chance.random() * 10)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        tally.expect("dbt" in line, where)
        return False
    done = nights.ended(process)
    settings.write_text(SETTINGS)
    wanted = 1 if fault == "full disk" else 0
    tally.expect(done.code == wanted, f"{where}: exit {done.code}: {done.lines[-1:]}")
    if fault == "full disk":
        tally.expect("have to stay free" in done.lines[-1], f"{where}: {done.lines[-1]}")
    if fault == "broken export":
        tally.expect(any("quarantined" in line for line in done.lines), f"{where}: nothing was quarantined")
    return done.code == 0


def _age(home: Path) -> None:
    """A day goes by for what has an age: log files and Dagster's runs."""
    for path in (home / "logs").iterdir():
        moment = path.stat().st_mtime - 86_400
        os.utime(path, (moment, moment))
    with sqlite3.connect(home / "dagster" / "history" / "runs.db") as runs:
        runs.execute("update runs set create_timestamp = datetime(create_timestamp, '-1 day')")
    runs.close()


def _unbounded(home: Path) -> Iterator[str]:
    """What is more than the ages allow; a killed run has no age before the next one has closed it."""
    runs = DAYS_KEPT + 3
    counts = {
        "versions": (len(list((home / "published" / "versions").iterdir())), VERSIONS),
        "log files": (len(list((home / "logs").glob("*.log"))), runs),
        "event logs of runs": (len(list((home / "dagster" / "history" / "runs").glob("*-*.db"))), runs),
        "folders of runs": (len(list((home / "dagster" / "storage").iterdir())), runs),
        "MiB of Dagster's storage": (_mib(home / "dagster"), runs * RUN_MIB),
        "MiB of dbt's logs and artifacts": (_mib(home / "dbt"), REST_MIB),
    }
    with sqlite3.connect(home / "dagster" / "history" / "runs" / "index.db") as index:
        for table in ("event_logs", "asset_check_executions"):
            found = index.execute(f"select count(distinct run_id) from {table}").fetchone()[0]
            counts[f"runs in {table}"] = (found, runs)
    index.close()
    yield from (f"{found} {what}, {most} are allowed" for what, (found, most) in counts.items() if found > most)


def _mib(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) >> 20


def _nothing_lost(home: Path, anew: Path, count: int, tally: Tally) -> None:
    """The same exports, read by a new home in one night."""
    for name in ("landing", "config"):
        shutil.copytree(home / name, anew / name)
    shutil.copy2(home / "pii.key", anew / "pii.key")
    done = nights.night(anew, as_of=f"{END}T00:00:00Z")
    tally.expect(done.code == 0, f"one night for all: exit {done.code}: {done.lines[-1:]}")
    tally.expect(done.result["rows_read"] >= ROWS[count], f"{done.result['rows_read']} rows in all")
    tally.saw("rows", done.result["rows_read"])
    # Which of two equal rows of two files counts as the duplicate is a matter of their order.
    once, all_along = nights.hashes(anew), nights.hashes(home)
    differing = [name for name in once if once[name] != all_along.get(name) and name != "mart_row_accounting"]
    tally.expect(not differing, f"other rows than in one night for all: {', '.join(differing)}")
