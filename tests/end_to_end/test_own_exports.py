"""README's worked example of a tool without an adapter: its lines turn the export into `generic` calls that load."""

import re
import subprocess
import sys

import duckdb

from ingestion.adapters import STREAMS
from ingestion.configuration import Configuration
from ingestion.configuration.settings_file import DEFAULTS
from ingestion.configuration.tables import TABLES
from ingestion.manifest import Manifest
from ingestion.run import ingest
from ingestion.settings import CHECKOUT, load_settings
from tests.vendors.parity import KEY

EXAMPLE = r"`ringboard\.csv`.*?```\n(.*?)```.*?```python\n(.*?)```"
CALLS = ("generic", "calls")
COLUMNS = "call_id, outcome, arrived_at::varchar, answered_at::varchar, ended_at::varchar, talk_seconds::int"


def test_an_export_of_an_unknown_tool_loads_as_calls(tmp_path):
    export, code = re.search(EXAMPLE, (CHECKOUT / "README.md").read_text(), re.DOTALL).groups()
    (tmp_path / "ringboard.csv").write_text(export + "9003;02.03.2026 09:02:00;Sales;FAXED;5;\n")
    (tmp_path / "var" / "landing" / "generic" / "calls").mkdir(parents=True)
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
    settings = load_settings(home=tmp_path / "var", env={"SUPPORT_KPIS_PII_KEY": KEY})
    configuration = Configuration(DEFAULTS, {name: [] for name in TABLES}, "-")
    streams = {CALLS: STREAMS[CALLS]}
    found = ingest(settings, configuration, run_id="night-1", streams=streams).streams[CALLS]
    # A result that the example does not know is refused, not guessed.
    assert (found.rows_read, found.rows_loaded, found.rows_rejected) == (3, 2, 1)
    assert not found.new_columns
    with Manifest(settings.manifest_path) as manifest, duckdb.connect() as con:
        files = [str(settings.lake / name) for name in manifest.lake_files(CALLS)]
        rows = con.execute(f"select {COLUMNS} from read_parquet(?) order by all", [files]).fetchall()
    arrived, answered = "2026-03-02 08:00:00", "2026-03-02 08:00:15"
    assert rows == [
        ("9001", "answered", arrived, answered, "2026-03-02 08:04:15", 240),
        ("9002", "abandoned", "2026-03-02 08:01:00", None, "2026-03-02 08:01:55", None),
    ]
