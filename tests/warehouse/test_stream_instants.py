"""How new each stream is, worked out by hand. No unit test of dbt, which would have to name every stream there is."""

import duckdb
import pytest

from ingestion.adapters import STREAMS
from ingestion.quoting import identifier

#: Stream -> its rows, each by the columns that tell its instant.
ROWS = {
    # One call lies a second after as_of.
    "generic__calls": [{"arrived_at": "2026-03-09 08:00:00"}, {"arrived_at": "2026-03-10 12:00:01"}],
    "generic__employee_survey_responses": [{"round_date": "2026-02-01"}, {"round_date": "2026-03-01"}],
    # Published on the 1st, to be published on the 12th, and never.
    "generic__schedule_intervals": [
        {"published_at": "2026-03-01 08:00:00"}, {"published_at": "2026-03-12 08:00:00"}, {"published_at": None},
    ],
    # Users, groups and schedules go by their last change; one at as_of itself is seen.
    "zendesk__users": [{"updated_at": "2025-01-01 00:00:00"}],
    "zendesk__groups": [{"updated_at": "2025-01-02 00:00:00"}],
    "zendesk__schedules": [{"updated_at": "2026-03-10 12:00:00"}],
    # Zendesk's holidays have no instant.
    "zendesk__holidays": [{"holiday_id": "1"}],
    # A line without a change goes by its ticket's creation.
    "freshdesk__tickets_csv": [
        {"created_at": "2026-03-05 08:00:00", "updated_at": None},
        {"created_at": "2026-03-01 08:00:00", "updated_at": "2026-03-04 08:00:00"},
    ],
    # All of it later than as_of: nothing is the newest.
    "aircall__calls": [{"started_at": "2026-03-11 00:00:00"}],
}  # fmt: skip


@pytest.fixture
def warehouse():
    with duckdb.connect() as con:
        con.execute("attach ':memory:' as warehouse; use warehouse; create schema raw; create schema control")
        con.execute("create table control.run_settings as select timestamp '2026-03-10 12:00:00' as as_of")
        for id, stream in STREAMS.items():
            columns = ", ".join(f"{identifier(name)} {type}" for name, type in stream.lake_columns.items())
            con.execute(f"create table raw.{'__'.join(id)} ({columns})")
        for name, rows in ROWS.items():
            for row in rows:
                marks = ", ".join("?" * len(row))
                con.execute(f"insert into raw.{name} ({', '.join(row)}) values ({marks})", [*row.values()])
        yield con


def test_the_newest_instant_of_every_stream(dbt_on_nothing, warehouse):
    done = dbt_on_nothing("compile", "--select", "int_stream_instants")
    assert done.returncode == 0, done.stdout[-2000:]
    (compiled,) = dbt_on_nothing.target.rglob("int_stream_instants.sql")
    found = warehouse.execute(f"select * from ({compiled.read_text()}) order by all").fetchall()
    assert [tuple(value and str(value) for value in row) for row in found] == [
        ("aircall", "calls", None, "1", "2026-03-11 00:00:00"),
        ("freshdesk", "tickets_csv", "2026-03-05 08:00:00", 0, None),
        ("generic", "calls", "2026-03-09 08:00:00", "1", "2026-03-10 12:00:01"),
        ("generic", "employee_survey_responses", "2026-03-01 00:00:00", 0, None),
        ("generic", "schedule_intervals", "2026-03-01 08:00:00", "1", "2026-03-12 08:00:00"),
        ("zendesk", "groups", "2025-01-02 00:00:00", 0, None),
        ("zendesk", "schedules", "2026-03-10 12:00:00", 0, None),
        ("zendesk", "users", "2025-01-01 00:00:00", 0, None),
    ]
