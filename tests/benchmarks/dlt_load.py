"""dlt loading NDJSON into DuckDB with merge, in an environment of its own: `make benchmark` makes `.venv-dlt`.

As a program there: `python dlt_load.py FILE LINES WORK`, prints the seconds. dlt takes rows one by one, so it is given
the first lines of the tickets, and rows a second are held against rows a second.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
PYTHON = CHECKOUT / ".venv-dlt" / "bin" / "python"
LINES = 20_000


def rows_per_second(tickets: Path, work: Path, lines: int = LINES) -> float | None:
    """None where dlt's environment is not there."""
    if not PYTHON.exists():
        return None
    command = [str(PYTHON), __file__, str(tickets), str(lines), str(work)]
    done = subprocess.run(command, cwd=work, stdout=subprocess.PIPE, text=True, check=True)
    return lines / float(done.stdout.splitlines()[-1])


def main() -> None:
    import dlt

    file, lines, work = sys.argv[1:]

    def tickets() -> Iterator[dict]:
        with Path(file).open() as stream:
            yield from map(json.loads, itertools.islice(stream, int(lines)))

    began = time.perf_counter()
    target = dlt.destinations.duckdb(str(Path(work) / "dlt.duckdb"))
    pipeline = dlt.pipeline("tickets", pipelines_dir=work, destination=target, dataset_name="zendesk")
    pipeline.run(tickets(), table_name="tickets", write_disposition="merge", primary_key="id")
    print(time.perf_counter() - began)


if __name__ == "__main__":
    main()
