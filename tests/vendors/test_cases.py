"""Every stream of every vendor's adapter against its ugly cases; a stream without one of them fails."""

from importlib import import_module
from pathlib import Path

import duckdb
import pytest

from ingestion.adapters import STREAMS
from ingestion.configuration import Configuration
from ingestion.configuration.settings_file import DEFAULTS
from ingestion.configuration.tables import TABLES
from ingestion.manifest import Manifest
from ingestion.run import ingest
from ingestion.settings import load_settings
from tests.vendors.cases import NAMES, Case
from tests.vendors.parity import KEY

VENDORS = sorted({source for source, _ in STREAMS})


def cases_of(source: str) -> dict[str, dict[str, Case]]:
    there = (Path(__file__).parent / f"{source}.py").exists()
    return import_module(f"tests.vendors.{source}").CASES if there else {}


def listed() -> list:
    return [
        pytest.param(source, stream, case, id=f"{source}-{stream}-{name}")
        for source in VENDORS
        for stream, cases in cases_of(source).items()
        for name, case in cases.items()
    ]


def test_no_stream_lacks_a_case():
    lacking = {id: missing for id in STREAMS if (missing := NAMES.keys() - cases_of(id[0]).get(id[1], {}).keys())}
    assert lacking == {}


@pytest.mark.parametrize(("source", "stream", "case"), listed())
def test_case(source, stream, case, tmp_path):
    if case.impossible:
        assert case == Case(impossible=case.impossible), "an impossible case has nothing else"
        return
    settings = load_settings(home=tmp_path, env={"SUPPORT_KPIS_PII_KEY": KEY})
    for name, content in case.files.items():
        path = settings.landing / source / stream / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    sources = {source: dict(case.settings)} if case.settings else {}
    configuration = Configuration({**DEFAULTS, "sources": sources}, {name: [] for name in TABLES}, "-")
    adapters = {id: declared for id, declared in STREAMS.items() if id == (source, stream)}
    found = ingest(settings, configuration, run_id="night-1", streams=adapters).streams[source, stream]
    counts = (found.rows_read, found.rows_loaded, found.rows_duplicate, found.rows_rejected)
    assert counts == case.counts, found.messages
    assert sorted(found.quarantined_files) == sorted(f"{source}/{stream}/{name}" for name in case.refused)
    assert found.new_columns == dict(case.new_columns)
    with Manifest(settings.manifest_path) as manifest:
        files = [str(settings.lake / name) for name in manifest.lake_files((source, stream))]
    rows = []
    if files and case.select:
        sql = f"SELECT {case.select} FROM read_parquet(?, union_by_name=true, hive_partitioning=false) ORDER BY ALL"
        with duckdb.connect() as con:
            rows = con.execute(sql, [files]).fetchall()
    assert rows == case.rows
