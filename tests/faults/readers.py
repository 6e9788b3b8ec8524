"""Publications, one after the other, under readers that open the file again and again and others that keep it open.

What a reader does stands in reading.py. Versions are made, switched to and pruned by the project's own code, from a
small warehouse of the program's own; a generation number in every table shows a torn read or a step back.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import duckdb

from ingestion.settings import CHECKOUT
from orchestration.lib import tables, versions
from tests.faults.reading import TABLES
from tests.faults.tally import Tally

TITLE = "publications under 4 reconnecting and 2 long-lived reader processes"
FULL, SHORT = 150, 12
READERS = {"reconnecting": 4, "lasting": 2}
ROWS = 20_000
END_SECONDS = 60
#: A look may go on during as many publications: a reader that has no processor for longer is met by the seventh, which
#: takes its version away as it should.
BEHIND = 4


def run(count: int, root: Path) -> Tally:
    tally = Tally()
    published, stop = root / "published", root / "stop"
    published.mkdir()
    _publish(published, root, 1)
    kinds = [kind for kind, number in READERS.items() for _ in range(number)]
    command = [sys.executable, "-m", "tests.faults.reading", str(published), str(stop)]
    readers = [subprocess.Popen([*command, kind], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) for kind in kinds]
    try:
        for reader in readers:
            assert reader.stdout.readline() == "ready\n"
        begun = []
        for generation in range(2, count + 2):
            _wait_for_looks(root, begun[-BEHIND:])
            begun.append(time.time())
            _publish(published, root, generation)
            tally.saw("publications")
    finally:
        stop.touch()
    for kind, reader in zip(kinds, readers, strict=True):
        out, _ = reader.communicate(timeout=END_SECONDS)
        told = json.loads(out)
        tally.saw("reads", told["reads"])
        tally.expect(reader.returncode == 0 and told["reads"] > 0, f"a {kind} reader read nothing")
        for wrong in told["wrong"][:5]:
            tally.expect(False, f"{kind}: {wrong}")
        if kind == "reconnecting":
            tally.expect(len(told["generations"]) > 1, f"a {kind} reader saw one generation only")
    kept = sorted(path.name for path in (published / "versions").iterdir())
    newest = sorted(f"run-{generation}" for generation in range(max(1, count - 5), count + 2))
    tally.expect(kept == newest, f"versions kept: {kept}")
    return tally


def _wait_for_looks(root: Path, begun: list[float]) -> None:
    """Until every reconnecting reader has begun a look since the first of these publications."""
    deadline = time.monotonic() + END_SECONDS
    while begun and time.monotonic() < deadline:
        looks = [path.stat().st_mtime for path in root.glob("look-*")]
        if len(looks) == READERS["reconnecting"] and min(looks) >= begun[0]:
            return
        time.sleep(0.01)
    assert not begun, f"a reader has not looked for {END_SECONDS} s"


def _publish(published: Path, root: Path, generation: int) -> None:
    warehouse = root / "warehouse.duckdb"
    with duckdb.connect(str(warehouse)) as connection:
        for table in TABLES:
            rows = f"select {generation}::bigint as generation, i from range({ROWS}) t(i)"
            connection.execute(f"create or replace table {table} as {rows}")

    def write(folder: Path) -> None:
        with duckdb.connect() as connection:
            tables.copy_tables(warehouse, list(TABLES), folder, connection)
        said = {"run_id": folder.name, "published_at": f"{generation:06}", "generation": generation}
        (folder / versions.MANIFEST).write_text(json.dumps(said))

    versions.publish(published, f"run-{generation}", write)
    versions.prune(published)
