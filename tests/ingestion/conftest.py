"""A small home with a landing area to write files into, and short ways to run and to look."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import duckdb
import pytest
import zstandard

from ingestion.configuration import Configuration
from ingestion.configuration.settings_file import DEFAULTS
from ingestion.configuration.tables import TABLES
from ingestion.manifest import ContentRow, Manifest
from ingestion.run import IngestResult, ingest
from ingestion.settings import load_settings
from ingestion.stream_run import StreamResult

KEY = "a key for tests, of more than 32 characters"


class Lab:
    def __init__(self, home: Path) -> None:
        self.settings = load_settings(home=home, env={"SUPPORT_KPIS_PII_KEY": KEY})
        self.sources: dict[str, Any] = {}
        self.tables: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
        self.retention: dict[str, int] = dict(DEFAULTS["retention"])
        self.runs = 0

    @property
    def configuration(self) -> Configuration:
        return Configuration({**DEFAULTS, "sources": self.sources, "retention": self.retention}, self.tables, "-")

    def land(self, name: str, content: str | bytes) -> Path:
        """Writes landing/<name>, compressed as its suffix says."""
        path = self.settings.landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = content.encode() if isinstance(content, str) else content
        if path.suffix == ".gz":
            data = gzip.compress(data)
        elif path.suffix == ".zst":
            data = zstandard.compress(data)
        path.write_bytes(data)
        return path

    def run(self, **options: Any) -> IngestResult:
        self.runs += 1
        return ingest(self.settings, self.configuration, run_id=f"run-{self.runs}", **options)

    def load(self, stream: str, **options: Any) -> StreamResult:
        """Runs everything; what became of one stream."""
        source, name = stream.split("/")
        return self.run(**options).streams[(source, name)]

    def lake_files(self, stream: str) -> list[str]:
        with Manifest(self.settings.manifest_path) as manifest:
            return [str(self.settings.lake / f) for f in manifest.lake_files(tuple(stream.split("/")))]

    def rows(self, stream: str, columns: str = "*", order: str = "_load_no, _row_no") -> list[tuple]:
        files = self.lake_files(stream)
        if not files:
            return []
        with duckdb.connect() as con:
            sql = f"SELECT {columns} FROM read_parquet(?, union_by_name=true, hive_partitioning=false) ORDER BY {order}"
            return con.execute(sql, [files]).fetchall()

    def accounting(self, stream: str) -> list[ContentRow]:
        with Manifest(self.settings.manifest_path) as manifest:
            return manifest.contents(tuple(stream.split("/")), "loaded")

    def quarantined_text(self) -> str:
        files = [p for p in self.settings.quarantine.rglob("*") if p.is_file()]
        assert all(p.stat().st_mode & 0o077 == 0 for p in files)
        return "\n".join(p.read_text(errors="replace") for p in sorted(files))


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path / "home")


def counts(result: StreamResult | ContentRow) -> tuple[int, int, int, int]:
    """(read, loaded, duplicate, rejected), which must add up."""
    found = (result.rows_read, result.rows_loaded, result.rows_duplicate, result.rows_rejected)
    assert found[0] == sum(found[1:])
    return found


@pytest.fixture(name="counts")
def counts_fixture():
    return counts
