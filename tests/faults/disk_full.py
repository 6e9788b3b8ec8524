"""Disks that are full: small tmpfs mounts in a mount namespace of their own, which take themselves away.

Each point is a disk of the home (one of them the whole home) that is full when the night begins, or that something
else fills while the night is in a phase. Five points in a row hit one home; then space is freed and a night must end as
if nothing had been. Mounting needs root or user namespaces: where both are missing the program says so and is skipped.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import threading
import time
import unittest
from pathlib import Path

from ingestion.settings import CHECKOUT
from tests.faults import nights
from tests.faults.tally import Tally

TITLE = "disk full before or in the middle of landing copy, lake, temp, warehouse, publication"
FULL, SHORT = 20, 1
SEED = 405
DISK_MIB = 256

#: (disk, moment): before the night, while a version is drafted, or after a progress line with these words. In the order
#: of a night, as a night that failed has done what came before.
BEFORE, INGESTION, DBT, DRAFT = "before", " rows read = ", "dbt: building", "draft"
CHAINS = (
    (("landing", BEFORE), ("lake", INGESTION), ("warehouse", DBT), ("tmp", BEFORE), ("published", DRAFT)),
    (("tmp", INGESTION), ("lake", BEFORE), ("landing", INGESTION), ("warehouse", BEFORE), ("published", BEFORE)),
    (("tmp", BEFORE), ("lake", INGESTION), ("landing", DBT), ("warehouse", DBT), ("published", DRAFT)),
    (("landing", BEFORE), ("lake", BEFORE), ("warehouse", BEFORE), ("landing", DBT), ("published", BEFORE)),
)
#: Seconds within which a disk fills up after the beginning of a phase.
DELAYS = {INGESTION: 0.02, DBT: 8.0, DRAFT: 0.1}


def run(count: int, root: Path) -> Tally:
    command = namespace()
    prepared = nights.prepared()
    told = root / "prepared.json"
    told.write_text(json.dumps([str(prepared.home), str(prepared.late), prepared.expected]))
    command += [sys.executable, "-m", "tests.faults.disk_full", str(count), str(root), str(told)]
    done = subprocess.run(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True, check=True)
    counts, failures = json.loads(done.stdout)
    tally = Tally(failures=failures)
    for what, times in counts.items():
        tally.saw(what, times)
    return tally


def namespace() -> list[str]:
    """The command that starts another one where it may mount. Raises SkipTest with the reason where there is none."""
    command = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--mount"]
    probe = [*command, "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", "/mnt"]
    try:
        done = subprocess.run(probe, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise unittest.SkipTest("disk_full needs unshare and mount (util-linux)") from None
    if done.returncode != 0:
        raise unittest.SkipTest(f"disk_full may not mount a tmpfs here: {done.stderr.strip()}")
    return command


class Disk:
    """A small file system in place of a folder of the home, with what stood there."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._filler = folder, folder / ".filler"
        kept = folder.with_name(f"{folder.name}-kept")
        folder.rename(kept)
        folder.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MIB}m", "tmpfs", folder], check=True)
        shutil.copytree(kept, folder, symlinks=True, dirs_exist_ok=True)
        shutil.rmtree(kept)

    def fill(self) -> None:
        """To the last byte, and what is freed meanwhile too: twice."""
        with self._filler.open("ab", buffering=0) as filler:
            for size in (1 << 20, 1 << 12) * 2:
                try:
                    while filler.write(b"\0" * size):
                        pass
                except OSError:
                    continue

    def free(self) -> None:
        self._filler.unlink(missing_ok=True)


def _within(count: int, root: Path, prepared: nights.Prepared) -> Tally:
    """The program itself, in its namespace."""
    tally, chance = Tally(), random.Random(SEED)
    for number in range(0, count, len(CHAINS[0])):
        home = prepared.copy(root / f"home-{number}")
        disks = {"landing": Disk(home)}
        (home / "config").mkdir(exist_ok=True)
        disks |= {name: Disk(home / name) for name in ("lake", "tmp", "warehouse", "published")}
        chain = CHAINS[number // len(CHAINS[0]) % len(CHAINS)]
        for place, moment in chain[: count - number]:
            where = f"{place} full {'before' if moment == BEFORE else 'in the middle'}"
            _hit(home, disks[place], moment, chance, where, tally)
        _keep_free(home, 16)
        again = nights.night(home)
        tally.expect(again.code == 0, f"after freeing space: exit {again.code}: {again.lines[-1:]}")
        wrong = [*nights.faults_of_version(home), *(f"left over: {name}" for name in nights.leftovers(home))]
        wrong += [f"other rows in {n}" for n, found in nights.hashes(home).items() if prepared.expected.get(n) != found]
        for found in wrong:
            tally.expect(False, f"after freeing space: {found}")
    return tally


def _hit(home: Path, disk: Disk, moment: str, chance: random.Random, where: str, tally: Tally) -> None:
    published = (home / "published" / "current").resolve().name
    _keep_free(home, 32 if moment == BEFORE else 0)
    if moment == BEFORE:
        disk.fill()
    process = nights.start(home)
    if moment != BEFORE:
        threading.Thread(target=_fill_in, args=(process, home, disk, moment, chance.random()), daemon=True).start()
    lines = []
    for line in process.stderr:
        lines.append(line.rstrip("\n"))
        if moment in line:
            (home / "config" / "reached").touch()
    process.wait()
    disk.free()
    (home / "config" / "reached").unlink(missing_ok=True)
    tally.saw(where)
    last = lines[-1] if lines else "nothing"
    print(f"{where}: exit {process.returncode}: {last}", file=sys.stderr, flush=True)
    tally.expect(process.returncode == 1, f"{where}: exit {process.returncode}: {last}")
    said = [words for words in ("support-kpis: ", " MiB ", "free under", "Next: free disk space") if words not in last]
    tally.expect(not said, f"{where}: the last line lacks {said}: {last}")
    tally.expect(sum(line.startswith("support-kpis: ") for line in lines) == 1, f"{where}: more than one line: {lines}")
    tally.expect((home / "published" / "current").resolve().name == published, f"{where}: the version has changed")
    for wrong in nights.faults_of_version(home):
        tally.expect(False, f"{where}: {wrong}")


def _keep_free(home: Path, mib: int) -> None:
    (home / "config" / "settings.toml").write_text(f"[limits]\nfree_mib = {mib}\n")


def _fill_in(process: subprocess.Popen, home: Path, disk: Disk, moment: str, share: float) -> None:
    """Fills the disk some time after the phase has begun, and keeps it full."""
    sign = home / "published" / ".staging" if moment == DRAFT else home / "config" / "reached"
    while not sign.exists() and process.poll() is None:
        time.sleep(0.002)
    time.sleep(share * DELAYS[moment])
    while process.poll() is None:
        disk.fill()
        time.sleep(0.02)


if __name__ == "__main__":
    home, late, expected = json.loads(Path(sys.argv[3]).read_text())
    outcome = _within(int(sys.argv[1]), Path(sys.argv[2]), nights.Prepared(Path(home), Path(late), expected))
    print(json.dumps([outcome.counts, outcome.failures]))
