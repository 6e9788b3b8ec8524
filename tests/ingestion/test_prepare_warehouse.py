"""The schemas raw and control, as another process finds them in the warehouse file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import duckdb

from ingestion.adapters import STREAMS
from ingestion.warehouse import SLOW_STREAMS, prepare_warehouse

AS_OF = datetime(2026, 3, 3, tzinfo=UTC)


def prepared(lab) -> duckdb.DuckDBPyConnection:
    lab.run()
    path = str(Path(lab.settings.warehouse))
    with duckdb.connect(path) as con:
        for _ in range(2):
            prepare_warehouse(con, lab.settings, lab.configuration, AS_OF, "r1")
    return duckdb.connect(path, read_only=True)


def test_views_are_typed_with_and_without_files(lab):
    lab.land("generic/calls/it's.csv", "call_id,arrived_at,direction,outcome,stage_reached\n"
             "1,2026-03-02T08:00:00Z,inbound,answered,agent\n2,bad,inbound,answered,agent\n")  # fmt: skip
    lab.land("generic/tickets/t.csv", "ticket_id\n")
    said = {"time_zone": "Asia/Kolkata", "country": "IN", "productive_statuses": ["Coaching", "Training"]}
    lab.sources = {"generic": said}
    with prepared(lab) as con:
        for id, stream in STREAMS.items():
            described = con.execute(f'DESCRIBE raw."{"__".join(id)}"').fetchall()
            assert {row[0]: row[1] for row in described} == stream.lake_columns
        assert con.execute("SELECT call_id, talk_seconds, _row_no FROM raw.generic__calls").fetchall() == [
            ("1", None, 1)]  # fmt: skip
        assert con.execute("SELECT count(*) FROM raw.zendesk__tickets").fetchall() == [(0,)]
        assert con.execute("FROM control.run_settings").fetchall()[0][:4] == (datetime(2026, 3, 3), "r1", "UTC", 5)
        assert con.execute("FROM control.source_settings WHERE source = 'generic'").fetchall() == [
            ("generic", "Asia/Kolkata", "IN", None, "Coaching;Training")]  # fmt: skip
        watched = len(STREAMS) - len(SLOW_STREAMS)
        assert con.execute("SELECT count(*), min(hours) FROM control.freshness").fetchall() == [(watched, 36)]
        accounting = (
            "SELECT file_name, rows_read, rows_loaded, rows_duplicate, rows_rejected FROM control.row_accounting"
        )
        assert con.execute(accounting).fetchall() == [("generic/calls/it's.csv", 2, 1, 0, 1)]
        found = con.execute("SELECT stream, finding, rows FROM control.load_findings ORDER BY 1, 2").fetchall()
        assert found == [("calls", "rejected", 1), ("tickets", "quarantined_file", 0)]
        assert con.execute("SELECT count(*) FROM control.cfg_targets").fetchall() == [(0,)]
