"""What a night with news reads: as many rows of what it touches, however long the history is.

Counted by DuckDB itself, scan for scan, for the statement with which each `by_key` model computes its rows. Tables that
are `compared` are built and read whole: customers with several keys, agents, calendars.
"""

import json
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import duckdb
import pytest
from dbt.adapters.duckdb.environments.local import DuckDBCursorWrapper

from tests.histories.history import Night
from tests.histories.playing import Player
from tests.worlds.building import build_world
from tests.worlds.exporting import Files

BEGIN, AS_OF = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 3, 12, 12, tzinfo=UTC)
COMPUTED = re.compile(r'create or replace table "\w+"\."(?:news|wide)"\."(\w+)" as\s(.*)', re.DOTALL)
SHORT, LONG = 60, 240
#: A response names any contact there ever was: the ids of all are looked through.
LOOKED_UP = {
    "int_survey_responses": {"int_tickets", "int_calls"},
    "fct_survey_response": {"int_tickets", "int_named_contacts"},
}
COMPARED = {
    "int_customers", "int_calendar_days", "int_only_help_desk", "int_order_complaints", "stg_generic__agents",
    "stg_zendesk__directory",
}  # fmt: skip


@pytest.mark.long
def test_a_model_by_key_reads_no_more_rows_of_a_longer_history(tmp_path, monkeypatch):
    short, long = (_scanned(tmp_path / str(tickets), tickets, monkeypatch) for tickets in (SHORT, LONG))
    assert short.keys() == long.keys()
    assert len({model for model, _ in short} - COMPARED) > 20
    grown = {scan for scan in short if long[scan] > short[scan] and scan[0] not in COMPARED}
    assert {table for model, table in grown if model not in LOOKED_UP} == {"int_customers"}
    for model, tables in LOOKED_UP.items():
        assert {table for reader, table in grown if reader == model} == tables


def _scanned(home, tickets: int, monkeypatch) -> Counter[tuple[str, str]]:
    """(Model, table) -> rows that its scans of the table went through on a second night with three new tickets."""
    player, world = Player(home), replace(build_world(Random(1), "UTC"), as_of=AS_OF)
    assert player.play(Night(_exports("old", tickets), world)) is False
    statements = []
    execute = DuckDBCursorWrapper.execute
    monkeypatch.setattr(
        DuckDBCursorWrapper, "execute", lambda self, sql, *given: statements.append(sql) or execute(self, sql, *given)
    )
    assert player.play(Night(_exports("new", 3), world)) is True
    monkeypatch.undo()
    computed = dict(found.groups() for sql in statements if (found := COMPUTED.search(sql)))
    rows = Counter()
    with duckdb.connect(str(player.settings.warehouse), read_only=True) as con:
        for model, sql in computed.items():
            ((_, plan),) = con.execute(f"explain (analyze, format json) {sql}").fetchall()
            for table, read in _scans(json.loads(plan)):
                rows[model, table] += read
    return rows


def _scans(operator: dict):
    """Names of DuckDB 1 and of 2."""
    read = operator.get("operator_rows_scanned", operator.get("rows_scanned", 0))
    if read:
        told = operator["extra_info"]
        yield (told.get("Table") or told["Function"]).split(".")[-1], read
    for child in operator.get("children") or operator.get("operator", []):
        yield from _scans(child)


def _exports(name: str, tickets: int) -> Files:
    """Tickets of one customer each, with a reply, a call, an order and an answer, spread over two months."""
    written, answered, called, ordered, rated = [], [], [], [], []
    for number in range(tickets):
        at = BEGIN + timedelta(days=number % 60)
        created, replied = (f"{at + timedelta(hours=hours):%Y-%m-%dT%H:%M:%SZ}" for hours in (9, 10))
        phone = f"+49 30 {1000 + number}{int(name == 'new')}"
        written.append(f"{name}{number},{created},{created},open,email,{name}{number}@c.example,{phone}")
        answered.append(f"{name}{number},{name}{number},{replied},agent,true,ann@shop.example")
        ordered.append(f"{name}{number},1,{created},shop,open,P,K,1,10,EUR,{name}{number}@c.example")
        rated.append(f"{name}{number},csat,q,1,5,4,{replied},{replied},{name}{number}")
        called.append(f"{name}{number},{created},inbound,answered,agent,{replied},{phone}")
    return {
        f"generic/tickets/{name}.csv": _csv(
            "ticket_id,created_at,updated_at,status,channel,requester_email,requester_phone", written
        ),
        f"generic/messages/{name}.csv": _csv(
            "message_id,ticket_id,sent_at,author_type,is_public,author_email", answered
        ),
        f"generic/order_lines/{name}.csv": _csv(
            "order_id,line_id,ordered_at,marketplace,status,product_id,product_category,quantity,unit_price,currency,"
            "customer_email",
            ordered,
        ),
        f"generic/survey_responses/{name}.csv": _csv(
            "response_id,survey_type,question_id,scale_min,scale_max,score,offered_at,answered_at,contact_id", rated
        ),
        f"generic/calls/{name}.csv": _csv(
            "call_id,arrived_at,direction,outcome,stage_reached,ended_at,caller_phone", called
        ),
    }


def _csv(header: str, rows: list[str]) -> bytes:
    return "\n".join([header, *rows, ""]).encode()
