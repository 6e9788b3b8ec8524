"""The checks on what was loaded, at their limits."""

import pytest

from ingestion.run import IngestResult, StreamResult
from orchestration.defs import raw

TICKETS = ("generic", "tickets")
GROUPS = ("zendesk", "groups")


def checks(stream, unknown_streams=(), **counts):
    result = IngestResult("run", streams={stream: StreamResult(**counts)}, unknown_streams=list(unknown_streams))
    return {check.check_name: check for check in raw.stream_checks(stream, result)}


def test_the_accounting_identity():
    assert checks(TICKETS, rows_read=6, rows_loaded=3, rows_duplicate=2, rows_rejected=1)[raw.ACCOUNTING].passed
    assert not checks(TICKETS, rows_read=6, rows_loaded=3, rows_duplicate=2)[raw.ACCOUNTING].passed


@pytest.mark.parametrize(
    ("read", "rejected", "passed"),
    [(0, 0, True), (20, 10, True), (20, 11, False), (1100, 11, True), (1099, 11, False), (5000, 51, False)],
)
def test_rejected_rows_block_above_one_per_cent_and_ten_rows(read, rejected, passed):
    assert checks(TICKETS, rows_read=read, rows_rejected=rejected)[raw.REJECTED].passed is passed


@pytest.mark.parametrize(("before", "now", "passed"), [(None, 3, True), (10, 5, True), (10, 4, False), (10, 0, False)])
def test_a_snapshot_that_lost_more_than_half_blocks(before, now, passed):
    assert checks(GROUPS, previous_snapshot_rows=before, snapshot_rows=now)[raw.SHRINK].passed is passed


@pytest.mark.parametrize(("rejected", "passed"), [(0, True), (1, False)])
def test_a_single_rejected_row_warns_and_says_where_it_is(rejected, passed):
    check = checks(TICKETS, rows_read=500, rows_loaded=500 - rejected, rows_rejected=rejected)[raw.REJECTED_ROWS]
    assert (check.passed, check.severity.value) == (passed, "WARN")
    assert passed or ("1 of 500 rows" in check.description and "quarantine/generic/tickets" in check.description)


def test_only_full_snapshots_are_watched_for_shrinking():
    assert raw.SHRINK not in checks(TICKETS)


def test_what_only_warns_says_what_it_found():
    counts = {"new_columns": {"mood": 4}, "missing_columns": {"team": 9}, "quarantined_files": ["bad.csv"]}
    found = checks(TICKETS, unknown_streams=["acme/tickets"], **counts)
    names = (raw.NEW_COLUMNS, raw.MISSING_COLUMNS, raw.QUARANTINED, raw.UNKNOWN_FOLDERS)
    texts = {name: found[name].description for name in names}
    assert texts == {
        raw.NEW_COLUMNS: "mood (4 rows)",
        raw.MISSING_COLUMNS: "team (null in 9 rows)",
        raw.QUARANTINED: "bad.csv",
        raw.UNKNOWN_FOLDERS: "acme/tickets",
    }
    assert not any(found[name].passed for name in texts)
    assert {found[name].severity.value for name in texts} == {"WARN"}
