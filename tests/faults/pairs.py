"""Two runs of one home started at once: two of the command line, or one of them through the UI's webserver.

Which of two overlapped is told from the moments at which their lines arrived here, not from what they say of a lock.
"""

from __future__ import annotations

import os
import random
import shutil
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from ingestion.settings import CHECKOUT
from tests.end_to_end.test_ui import LAUNCH, REPOSITORIES, START_SECONDS, STATUS, Client, wait_for
from tests.faults import nights
from tests.faults.tally import Tally

TITLE = "pairs of runs started at once, CLI + CLI and CLI + UI"
FULL, SHORT = 50, 1
SEED = 403
#: Of ten pairs, that many meet a run of the UI.
WITH_UI = 1
#: Of the pairs of two command lines, each third waits for the other; the rest give up at once.
PATIENT = 3
FROM, TO = "ingest: ", "published: "
BUSY = "support-kpis: another run is active: run "


@dataclass
class Timed:
    """A run whose lines are noted with the moment of their arrival."""

    process: subprocess.Popen
    lines: list[tuple[float, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self.process.stderr:
            self.lines.append((time.monotonic(), line.rstrip("\n")))

    def wait(self) -> int:
        self.process.stdout.read()
        self._reader.join(nights.NIGHT_SECONDS)
        return self.process.wait(nights.NIGHT_SECONDS)

    def worked(self) -> tuple[float, float] | None:
        """From its first step to its end, None if it never came to work."""
        moments = [moment for moment, line in self.lines if FROM in line or TO in line]
        return (moments[0], moments[-1]) if moments else None


def run(count: int, root: Path) -> Tally:
    tally, chance = Tally(), random.Random(SEED)
    prepared = nights.prepared()
    home = prepared.copy(root / "home")
    ui = None
    try:
        for number in range(count):
            where = f"pair {number}"
            # Every tenth pair has something to build.
            options = ("--full-refresh",) if number % 10 == 5 else ()
            if number % 10 == 10 - WITH_UI:
                ui = ui or Ui(home)
                _with_ui(ui, home, options, where, tally)
            else:
                patient = number % PATIENT == 1
                _two_of_the_command_line(home, patient, options, chance.choice((0, 0, 0.3, 1.5)), where, tally)
            for found in _wrong_with(home, prepared.expected):
                tally.expect(False, f"{where}: {found}")
            print(f"{where}: {len(tally.failures)} failures so far", file=sys.stderr, flush=True)
    finally:
        if ui:
            ui.end()
    shutil.rmtree(home)
    return tally


def _wrong_with(home: Path, expected: dict[str, str]) -> list[str]:
    wrong = [*nights.faults_of_version(home), *(f"left over: {name}" for name in nights.leftovers(home))]
    return wrong + [
        f"other rows in {name}" for name, found in nights.hashes(home).items() if expected.get(name) != found
    ]


def _two_of_the_command_line(home, patient: bool, options, offset: float, where: str, tally: Tally) -> None:
    wait = "--wait", str(nights.NIGHT_SECONDS if patient else 0)
    first = Timed(nights.start(home, *wait, *options))
    time.sleep(offset)
    runs = [first, Timed(nights.start(home, *wait, *options))]
    codes = [run.wait() for run in runs]
    _never_together(runs, where, tally)
    if patient:
        waited = sum("waiting up to" in line for run in runs for _, line in run.lines)
        tally.expect(codes == [0, 0] and waited == 1, f"{where}: exit codes {codes}, {waited} waited")
        tally.saw("CLI + CLI: the second waited")
        return
    tally.expect(sorted(codes) == [0, 3], f"{where}: exit codes {codes}")
    for run, code in zip(runs, codes, strict=True):
        if code == 3:
            said = [line for _, line in run.lines]
            tally.expect(len(said) == 1 and said[0].startswith(BUSY), f"{where}: the loser said {said}")
            tally.expect(run.worked() is None, f"{where}: the loser worked")
    tally.saw("CLI + CLI: the second ended with exit 3")


def _never_together(runs: list[Timed], where: str, tally: Tally) -> None:
    worked = sorted(span for run in runs if (span := run.worked()))
    together = any(after[0] < before[1] for before, after in pairwise(worked))
    tally.expect(not together, f"{where}: both worked at once: {worked}")


def _with_ui(ui: Ui, home: Path, options, where: str, tally: Tally) -> None:
    """A run of the webserver and one of the command line, which wait for each other."""
    launched = ui.launch(full_refresh=bool(options))
    command = Timed(nights.start(home, "--wait", str(nights.NIGHT_SECONDS), *options))
    code, status = command.wait(), ui.status_at_the_end(launched)
    tally.expect((code, status) == (0, "SUCCESS"), f"{where}: exit {code}, the run of the UI: {status}")
    both = {path.name for path in (home / "published" / "versions").iterdir()}
    tally.expect(
        launched in both and (home / "published" / "current").resolve().name in both, f"{where}: not both published"
    )
    tally.saw("CLI + UI: one after the other")


class Ui:
    """Webserver and daemon over a home, as `make ui` starts them."""

    def __init__(self, home: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [sys.executable, "-m", "orchestration.ui", "--home", str(home), "--port", str(port)]
        with (home / "logs" / "ui.txt").open("w") as log:
            self._process = subprocess.Popen(command, cwd=CHECKOUT, stdout=log, stderr=log, env=dict(os.environ))
        self._client = Client(port)

        def loaded_repository():
            nodes = self._client.ask(REPOSITORIES)["repositoriesOrError"].get("nodes")
            return nodes[0] if nodes else None

        found = wait_for(loaded_repository, START_SECONDS * 4, self._process)
        self._selector = {
            "repositoryName": found["name"],
            "repositoryLocationName": found["location"]["name"],
            "jobName": "nightly",
        }

    def launch(self, *, full_refresh: bool) -> str:
        config = {"as_of": nights.AS_OF, "full_refresh": full_refresh}
        run_config = {"resources": {"nightly_run": {"config": config}}}
        params = {"selector": self._selector, "runConfigData": run_config, "mode": "default"}
        return self._client.ask(LAUNCH, params=params)["launchRun"]["run"]["runId"]

    def status_at_the_end(self, run_id: str) -> str:
        def finished_status():
            status = self._client.ask(STATUS, id=run_id)["runOrError"]["status"]
            return status if status in ("SUCCESS", "FAILURE", "CANCELED") else None

        return wait_for(finished_status, nights.NIGHT_SECONDS, self._process)

    def end(self) -> None:
        self._process.terminate()
        self._process.wait(60)
