"""A landing area as it comes on a bad night: each fault is told, nothing is lost, nothing becomes null in silence."""

import gzip
import json

import duckdb
import pytest

from orchestration.lib.job import Options, run_nightly

CALLS = "call_id,arrived_at,direction,outcome,stage_reached,queue,queued_at,answered_at,ended_at,talk_seconds"
GOOD_CALL = (
    "{id},2026-03-01T09:00:00Z,inbound,answered,agent,Sales,"
    "2026-03-01T09:00:10Z,2026-03-01T09:00:25Z,2026-03-01T09:04:25Z,240"
)
REORDERED = "outcome,call_id,stage_reached,direction,arrived_at\nabandoned,R1,ivr,inbound,2026-03-01T10:00:00Z\n"
WITHOUT_OUTCOME = "call_id,arrived_at,direction,stage_reached\nX1,2026-03-01T10:00:00Z,inbound,agent\n"


def ticket(number: int, status: str = "open") -> str:
    at = "2026-03-01T08:00:00Z"
    row = {"id": number, "created_at": at, "updated_at": at, "generated_timestamp": 1772352000, "status": status}
    return json.dumps(row | {"via": {"channel": "email"}, "requester_id": 7, "submitter_id": 7, "tags": []})


@pytest.fixture(scope="module")
def bad_night(tmp_path_factory):
    home = tmp_path_factory.mktemp("bad_night")
    lines = [ticket(1), '{"id": 2, "status": bad', ticket(3), ticket(4, "frozen"), ""]
    files = {
        "zendesk/tickets/bad_line.ndjson": "\n".join(lines),
        "zendesk/tickets/cut.json.gz": gzip.compress((ticket(5) * 2000).encode())[:-200],
        "generic/calls/a_good.csv": "\n".join([CALLS, *(GOOD_CALL.format(id=n) for n in range(100))]) + "\n",
        "generic/calls/b_reordered.csv": REORDERED,
        "generic/calls/c_no_outcome.csv": WITHOUT_OUTCOME,
        "generic/calls/d_negative.csv": f"{CALLS}\n{GOOD_CALL.format(id='N1').replace(',240', ',-5')}\n",
        "generic/calls/e_new_column.csv": f"{CALLS},mood\n{GOOD_CALL.format(id='M1')},sunny\n",
    }
    for name, content in files.items():
        path = home / "landing" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    outcome = run_nightly(Options(home=home, as_of="2026-03-02T00:00:00Z"))
    assert outcome.error is None, outcome.error
    with duckdb.connect(str(home / "published" / "current" / "support_kpis.duckdb"), read_only=True) as con:
        yield home, outcome, con


def accounting(con, file_name):
    sql = "select rows_read, rows_loaded, rows_duplicate, rows_rejected from mart_row_accounting where file_name = ?"
    return next(iter(con.execute(sql, [file_name]).fetchall()), None)


@pytest.mark.parametrize(
    ("file_name", "counts"),
    [
        ("zendesk/tickets/bad_line.ndjson", (4, 2, 0, 2)),
        ("zendesk/tickets/cut.json.gz", None),
        ("generic/calls/a_good.csv", (100, 100, 0, 0)),
        ("generic/calls/b_reordered.csv", (1, 1, 0, 0)),
        ("generic/calls/c_no_outcome.csv", None),
        ("generic/calls/d_negative.csv", (1, 0, 0, 1)),
        ("generic/calls/e_new_column.csv", (1, 1, 0, 0)),
    ],
)
def test_each_file_is_accounted_for(bad_night, file_name, counts):
    """None: quarantined whole, no rows counted from it."""
    assert accounting(bad_night[2], file_name) == counts


def test_good_rows_beside_bad_ones_are_loaded(bad_night):
    con = bad_night[2]
    assert con.execute("select ticket_id from fct_ticket order by 1").fetchall() == [("1",), ("3",)]
    reordered = con.execute("select outcome, stage_reached from fct_call where call_id = 'R1'").fetchall()[0]
    assert reordered == ("abandoned", "ivr")


def test_what_was_refused_stands_in_quarantine_with_its_reason(bad_night):
    home = bad_night[0]
    texts = [path.read_bytes() for path in (home / "quarantine").rglob("*") if path.is_file()]
    kept = b"\n".join(texts).decode(errors="replace")
    for raw in ('\\"status\\": bad', "frozen", ",-5", "c_no_outcome.csv", "cut.json.gz"):
        assert raw in kept, raw
    assert {path.stat().st_mode & 0o077 for path in (home / "quarantine").rglob("*")} == {0}


def test_the_log_says_what_was_done_with_each(bad_night):
    home, outcome, _ = bad_night
    log = (home / "logs" / f"{outcome.run_id}.log").read_text()
    for word in ("cut.json.gz", "c_no_outcome.csv", "outcome", "mood"):
        assert word in log, word
    assert "2 rejected" in log and "1 rejected" in log
