"""Ways to do one thing, timed in alternation, each time in a process of its own; medians and their ratios.

Processes keep memory honest and caches of one way from helping another. As a program: runs one way, prints JSON.
"""

from __future__ import annotations

import importlib
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ingestion.settings import CHECKOUT


@dataclass(frozen=True)
class Row:
    """A line of the table. `ratio`: ours to the reference; None where the goal is about seconds or memory alone."""

    what: str
    ours: str
    reference: str
    ratio: float | None
    goal: str

    def __str__(self) -> str:
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        return f"| {self.what} | {self.ours} | {self.reference} | {ratio} | {self.goal} |"


@dataclass(frozen=True)
class Timed:
    """Median seconds of the timed part and the most memory any of the processes had, in MiB."""

    seconds: float
    mib: int

    def __str__(self) -> str:
        return f"{self.seconds:.2f} s"


def alternating(module: str, ways: tuple[str, ...], given: Path, times: int) -> dict[str, Timed]:
    """Each way `times` times, in turns: a module's functions of what is given and an empty folder to work in."""
    found: dict[str, list[dict]] = {way: [] for way in ways}
    for number in range(times):
        for way in ways:
            with tempfile.TemporaryDirectory(prefix=f"{way}-", dir=given.parent) as work:
                command = [sys.executable, "-m", __name__, module, way, str(given), work]
                done = subprocess.run(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True, check=True)
            found[way].append(json.loads(done.stdout.splitlines()[-1]))
            print(f"  {way} {number + 1} of {times}: {found[way][-1]['seconds']:.2f} s", file=sys.stderr, flush=True)
    return {
        way: Timed(statistics.median(one["seconds"] for one in runs), max(one["mib"] for one in runs))
        for way, runs in found.items()
    }


def once_prepared(folder: Path, name: str, prepare: Callable[[Path], None]) -> Path:
    """A folder made once and kept for the next benchmark that is given the same `folder`; half made, it is made anew.

    It is made where it stays: a home knows its lake by absolute paths.
    """
    target, done = folder / name, folder / f".{name}.done"
    if not done.exists():
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        print(f"  preparing {name}", file=sys.stderr, flush=True)
        prepare(target)
        done.touch()
    return target


def _peak_mib() -> int:
    """Of this process or of the largest it waited for."""
    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) >> 10


def main() -> None:
    module, way, given, work = sys.argv[1:]
    function = getattr(importlib.import_module(module), way)
    began = time.perf_counter()
    told = function(Path(given), Path(work))
    seconds = told if isinstance(told, float) else time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "mib": _peak_mib()}))


if __name__ == "__main__":
    main()
