"""Exports that vendors and other people's systems really wrote, read from the folder `shared` beside the checkout.

They go through ingestion and the staging models, whose SQL is rendered here without dbt. Skipped where the folder is
absent; nothing of it is copied into the repository.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from ingestion.configuration import load_configuration
from ingestion.configuration.tables import TABLES
from ingestion.run import ingest
from ingestion.settings import CHECKOUT, load_settings
from ingestion.warehouse import prepare_warehouse
from tests.helpers import SHARED_DATA, needs_shared_data
from tests.macros import rendered

DBT = CHECKOUT / "dbt_project"
AS_OF = datetime(2026, 11, 21, tzinfo=UTC)

pytestmark = needs_shared_data


@pytest.fixture
def home(tmp_path):
    return load_settings(tmp_path / "home", env={})


def staging(settings, model: str, as_of: datetime = AS_OF) -> duckdb.DuckDBPyRelation:
    """Loads the landing area of a home and returns the rows of a staging model as of then."""
    settings.config.mkdir(parents=True, exist_ok=True)
    for name in ("targets", "interventions"):
        (settings.config / f"{name}.csv").write_text(",".join(column.name for column in TABLES[name]) + "\n")
    configuration = load_configuration(settings, catalogue={})
    ingest(settings, configuration, run_id="test")
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    prepare_warehouse(con, settings, configuration, as_of, "test")
    return con.sql(_rendered(model))


def _rendered(model: str) -> str:
    """SQL of a staging model, those it reads inside it."""
    [path] = (DBT / "models" / "staging").rglob(f"{model}.sql")
    return rendered(
        path.read_text(),
        "staging",
        source=lambda schema, table: f'{schema}."{table}"',
        ref=lambda name: f"({_rendered(name)})",
        config=lambda **_: "",
    )


def land(settings, source: str, stream: str, files: list[Path], prefix: str = "") -> None:
    folder = settings.landing / source / stream
    folder.mkdir(parents=True, exist_ok=True)
    for number, file in enumerate(files):
        shutil.copy(file, folder / f"{prefix}{number:04}_{file.name}")


def last_versions(tickets: duckdb.DuckDBPyRelation) -> dict[str, str]:
    """Ticket id → status of its newest version."""
    newest = "SELECT ticket_id, max_by(status, version_at) FROM tickets GROUP BY ticket_id"
    return dict(tickets.query("tickets", newest).fetchall())


@pytest.mark.parametrize("backwards", [False, True])
def test_zendesk_time_based_and_cursor_export_say_the_same(tmp_path, backwards):
    found = []
    for export in ("incremental_tickets", "incremental_tickets_cursor"):
        settings = load_settings(tmp_path / export, env={})
        for stream in ("tickets", "users"):
            files = sorted((SHARED_DATA / "zendesk_recorded" / export / "landing" / "zendesk" / stream).iterdir())
            land(settings, "zendesk", stream, files[::-1] if backwards else files)
        found.append(last_versions(staging(settings, "stg_zendesk__tickets")))
    expected = json.loads((SHARED_DATA / "zendesk_recorded" / "incremental_tickets" / "expected.json").read_text())
    for tickets in found:
        assert len(tickets) == expected["distinct_tickets"] == 1017
        assert Counter(tickets.values()) == expected["status"]
    # The recordings themselves differ by one deletion of a page border's second: 1601 in one, 1570 in the other.
    assert dict(set(found[0].items()) ^ set(found[1].items())) == {"1601": "deleted", "1570": "deleted"}


def test_both_zendesk_exports_in_one_landing_area(home):
    for export in ("incremental_tickets", "incremental_tickets_cursor"):
        files = sorted((SHARED_DATA / "zendesk_recorded" / export / "landing" / "zendesk" / "tickets").iterdir())
        land(home, "zendesk", "tickets", files, prefix=export)
    tickets = staging(home, "stg_zendesk__tickets")
    assert len(tickets.fetchall()) == len(last_versions(tickets)) == 1018


@pytest.mark.parametrize(
    ("folder", "outcomes"),
    [
        ("dmrz_2010_queue_log", {"answered": 8, "abandoned": 12, None: 1}),
        ("dmrz_2010_queue_log_damaged", {"answered": 8, None: 13}),
    ],
)
def test_queue_log(home, folder, outcomes):
    land(home, "asterisk", "queue_log", [SHARED_DATA / "asterisk" / folder / "landing/asterisk/queue_log/queue_log"])
    calls = staging(home, "stg_asterisk__calls")
    assert dict(calls.query("calls", "SELECT outcome, count(*) FROM calls GROUP BY 1").fetchall()) == outcomes
    waits = "SELECT avg(epoch(left_queue_at - queued_at)) FROM calls WHERE outcome = 'answered'"
    assert calls.query("calls", waits).fetchall() == [(143 / 8,)]


def test_contact_record(home):
    land(home, "amazon_connect", "contact_records", sorted((SHARED_DATA / "amazon_connect").iterdir()))
    columns = ("outcome", "queued_at", "left_queue_at", "arrived_at", "talk_seconds", "hold_seconds", "wrap_up_seconds")
    [call] = staging(home, "stg_amazon_connect__calls").select(*columns).fetchall()
    outcome, queued_at, left_queue_at, arrived_at, talk, hold, wrap_up = call
    assert outcome == "answered"
    assert ((left_queue_at - queued_at).seconds, (queued_at - arrived_at).seconds) == (7, 64)
    assert (talk, hold, wrap_up) == (33, 0, 32)
