"""A home whose landing area a fault fills, loaded here or in a process of its own, and what then stands in it.

python -m tests.faults.ingesting HOME    one ingestion; prints seconds and the peak memory as JSON

No fault is known here, and nothing is judged.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb

from ingestion.adapters import STREAMS
from ingestion.configuration import Configuration
from ingestion.configuration.settings_file import DEFAULTS
from ingestion.configuration.tables import TABLES
from ingestion.manifest import ContentRow, Manifest
from ingestion.quarantine import RejectedRow
from ingestion.run import IngestResult, ingest
from ingestion.settings import CHECKOUT, load_settings
from ingestion.streams import Stream

KEY = "a key for fault programs, of more than 32 characters"
SECONDS = 300


class Home:
    """One home. `sources`: what settings.toml would say under [sources]."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.settings = load_settings(home=path, env={"SUPPORT_KPIS_PII_KEY": KEY})
        self.sources: dict[str, Any] = {}
        self.runs = 0

    def land(self, name: str, content: bytes | str) -> Path:
        path = self.settings.landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def ingest(self, changed: dict[tuple[str, str], Stream] | None = None) -> IngestResult:
        """`changed`: adapters that stand in for those of the same stream."""
        self.runs += 1
        tables: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
        configuration = Configuration({**DEFAULTS, "sources": self.sources}, tables, "-")
        streams = {**STREAMS, **(changed or {})}
        return ingest(self.settings, configuration, run_id=f"night-{self.runs}", streams=streams)

    def ingest_apart(self) -> tuple[int, dict[str, Any]]:
        """One ingestion in a process of its own: its exit code (negative: a signal) and what it printed."""
        command = [sys.executable, "-m", "tests.faults.ingesting", str(self.path)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, cwd=CHECKOUT, timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired:
            return 1, {"error": f"not done in {SECONDS} s"}
        if done.returncode:
            return done.returncode, {"error": (done.stderr.strip() or "no word").splitlines()[-1][:300]}
        return 0, json.loads(done.stdout)

    def contents(self) -> dict[str, ContentRow]:
        """What became of each file, by its name in the landing area."""
        with Manifest(self.settings.manifest_path) as manifest:
            return {row.file_name: row for row in manifest.contents()}

    def findings(self) -> set[tuple[str, str, str]]:
        """(file name, finding, detail)."""
        with Manifest(self.settings.manifest_path) as manifest:
            return {row[2:5] for row in manifest.findings()}

    def rows(self, stream: str) -> list[dict[str, Any]]:
        """The rows of a stream's lake files."""
        files = sorted(str(path) for path in (self.settings.lake / stream).rglob("*.parquet"))
        if not files:
            return []
        with duckdb.connect() as con:
            found = con.execute("SELECT * FROM read_parquet(?, union_by_name=true, hive_partitioning=false)", [files])
            names = [column[0] for column in found.description]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def rejected(self) -> dict[str, list[RejectedRow]]:
        """Rows in quarantine by the name of their file."""
        found: dict[str, list[RejectedRow]] = {}
        for path in sorted(self.settings.quarantine.rglob("*.rows.jsonl")):
            with path.open(encoding="utf-8") as lines:
                for line in lines:
                    row = RejectedRow(**json.loads(line))
                    found.setdefault(row.file, []).append(row)
        return found

    def kept_files(self) -> Counter[str]:
        """Names of the files that stand in quarantine whole, with their number."""
        reasons = (json.loads(path.read_text()) for path in self.settings.quarantine.rglob("*.reason.json"))
        return Counter(told["file"] for told in reasons if told["reason"])


def add_up(row: ContentRow) -> bool:
    return row.rows_read == row.rows_loaded + row.rows_duplicate + row.rows_rejected


def _most_memory() -> float:
    """MB that this process has had resident at most. Not getrusage: a child's begins with what its parent had."""
    (told,) = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:")]
    return int(told.split()[1]) / 1024


def _main() -> None:
    home = Home(Path(sys.argv[1]))
    started = time.monotonic()
    result = home.ingest()
    told = [*result.messages, *(text for done in result.streams.values() for text in done.messages)]
    print(json.dumps({"seconds": time.monotonic() - started, "megabytes": _most_memory(), "told": told}))


if __name__ == "__main__":
    _main()
