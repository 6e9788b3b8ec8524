"""SIGKILL of a whole run (its process group, dbt with it) at random moments of each of its phases, then a re-run.

After each kill comes a run that nobody disturbs, now and then after one that was killed while it mended the first.
The phase is told from outside: by the lines that the run prints and, for publication, by the draft on the disk.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.faults import nights
from tests.faults.tally import Tally

TITLE = "SIGKILL of the whole run (dbt too) at random moments, then a re-run"
FULL, SHORT = 100, 1
SEED = 401

#: Phase -> the words with which it begins on stderr. Publication shows on the disk, its end on stderr again.
BEGINS = {
    "start": ("run ",),
    "ingestion": ("ingest: ",),
    "dbt": ("dbt: building",),
    "checks": ("models built", "dbt: nothing is new"),
    "end": ("published: ",),
}
#: What is aimed at, try for try; where there are two, the second kill meets the run that was to mend the first.
AIMS = (
    ("dbt",),
    ("ingestion",),
    ("publication",),
    ("dbt",),
    ("checks",),
    ("ingestion", "dbt"),
    ("start",),
    ("dbt",),
    ("publication", "checks"),
    ("end",),
)
KILLED = "killed in"
#: Tries side by side, each in a home of its own.
AT_ONCE = 2
#: Seconds from the beginning of a phase within which the kill falls; a phase that ends before is killed in the next.
LENGTHS = {"start": 3, "ingestion": 4, "dbt": 30, "checks": 1.5, "publication": 1.5, "end": 0.3}


class Watch:
    """A running night and the phase it is in."""

    def __init__(self, home: Path) -> None:
        self.began: dict[str, float] = {}
        self._draft = home / "published" / ".staging"
        self.process = nights.start(home)
        for name, read in (("stderr", self._read), ("stdout", lambda _: None)):
            threading.Thread(target=self._drain, args=(getattr(self.process, name), read), daemon=True).start()
        self._begin("start")

    def _drain(self, pipe, read) -> None:
        for line in pipe:
            read(line)

    def _read(self, line: str) -> None:
        for phase, words in BEGINS.items():
            if any(word in line for word in words):
                self._begin(phase)

    def _begin(self, phase: str) -> None:
        self.began.setdefault(phase, time.monotonic())

    def is_over(self) -> bool:
        return self.process.poll() is not None

    def until(self, phase: str) -> None:
        """Waits for a phase to begin, or for the end."""
        while not self.is_over() and phase not in self.began:
            if self._draft.exists():
                self._begin("publication")
            time.sleep(0.002)

    def wait(self, seconds: float, phase: str) -> None:
        """As long in the phase or those after it, but never past the beginning of the end, unless that is meant."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and (phase == "end" or "end" not in self.began):
            time.sleep(0.002)

    def phase(self) -> str:
        return max(self.began, key=self.began.get)

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def run(count: int, root: Path) -> Tally:
    tally = Tally()
    prepared = nights.prepared()
    chance = random.Random(SEED)
    shares = [(chance.random(), chance.random()) for _ in range(count)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for outcome in pool.map(lambda number: _try(number, shares[number], prepared, root), range(count)):
            tally.add(outcome)
    killed = any(what.startswith(KILLED) for what in tally.counts)
    tally.expect(killed, f"none of {count} tries was killed: every night was over before")
    return tally


def _try(number: int, shares: tuple[float, float], prepared: nights.Prepared, root: Path) -> Tally:
    """Kills as aimed at, each at a share of its phase, and the run that must put everything right."""
    tally = Tally()
    home = prepared.copy(root / f"try-{number}")
    struck = []
    for wanted, share in zip(AIMS[number % len(AIMS)], shares, strict=False):
        struck.append(_kill_in(wanted, share, home, tally))
        for wrong in nights.faults_of_version(home):
            tally.expect(False, f"try {number}, {struck[-1]}: after the kill: {wrong}")
    where = f"try {number}, {' then '.join(struck)}"
    again = nights.night(home)
    tally.expect(again.code == 0, f"{where}: the re-run ended with {again.code}: {again.lines[-1:]}")
    for wrong in [*nights.faults_of_version(home), *(f"left over: {name}" for name in nights.leftovers(home))]:
        tally.expect(False, f"{where}: after the re-run: {wrong}")
    differing = [name for name, found in nights.hashes(home).items() if prepared.expected.get(name) != found]
    tally.expect(not differing, f"{where}: other rows than without the kill: {', '.join(differing)}")
    print(f"{where}: {len(tally.failures)} failures", file=sys.stderr, flush=True)
    shutil.rmtree(home)
    return tally


def _kill_in(wanted: str, share: float, home: Path, tally: Tally) -> str:
    """Where the kill struck, in words."""
    watch = Watch(home)
    watch.until(wanted)
    delay = share * LENGTHS[wanted]
    watch.wait(delay, wanted)
    if watch.is_over():
        # A re-run of what was already published may be over before: a night like any other.
        tally.saw("over before the kill")
        return f"over, {delay:.2f} s after the beginning of {wanted}"
    watch.kill()
    tally.saw(f"{KILLED} {watch.phase()}")
    where = f"{KILLED} {watch.phase()}, {delay:.2f} s after the beginning of {wanted}"
    _still_running(home, where, tally)
    return where


def _still_running(home: Path, where: str, tally: Tally) -> None:
    """A process of the run that outlived its group would go on writing."""
    time.sleep(0.05)
    for process in Path("/proc").glob("[0-9]*"):
        try:
            known = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        except OSError:
            continue
        tally.expect(os.fsencode(home) + b"/" not in known + b"/", f"{where}: process {process.name} outlived the kill")
