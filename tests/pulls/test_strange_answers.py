"""Answers that are none, cursors that nobody ever knows: told, never swallowed."""

import json

import pytest

from ingestion.pulls.positions import Positions
from ingestion.pulls.pull import RESTARTS
from tests.pulls.accounts import landed, pulling
from tests.pulls.server import Answer

DAY = 86400


@pytest.fixture
def home(accounts, tmp_path):
    """home(source, how) → a home whose vendor answers by `how(answer, request)`, what it would answer being given."""
    opened = []

    def open_one(source: str, how=lambda answer, request: answer):
        context = pulling(tmp_path / source, accounts[source])
        found = context.__enter__()
        opened.append(context)
        found.server.answer = lambda request: how(found.vendor.answer(request), request)
        return found

    yield open_one
    for context in opened:
        context.__exit__(None, None, None)


def errors(pulled) -> list[str]:
    return [one.error for one in pulled.values() if one.error]


def test_a_snapshot_lands_whole_or_not_at_all(home):
    """Half of the groups would look like a list that has shrunk."""
    found = home("zendesk", lambda answer, request: Answer({}, 500) if "page[after]" in request.query else answer)
    [error] = errors(found.pull(only={("zendesk", "groups")}))
    assert "the vendor answers 500" in error
    assert landed(found.settings, "zendesk") == {}
    found.server.answer = found.vendor.answer
    assert errors(found.pull(only={("zendesk", "groups")})) == []
    assert len(landed(found.settings, "zendesk")["groups"]) == len(found.vendor.records["groups"])


def test_a_record_without_an_id_ends_the_pull_and_not_the_run(home):
    found = home("intercom", lambda answer, request: Answer({"conversations": [{"updated_at": 1}], "pages": {}}))
    [error] = errors(found.pull())
    assert "a record has no id" in error


def test_an_empty_object_is_no_conversation(home):
    def nothing(answer, request):
        return Answer({}) if request.path != "/conversations/search" else answer

    found = home("intercom", nothing)
    [error] = errors(found.pull())
    assert "the answer holds no records; given up after 8 tries" in error
    assert landed(found.settings, "intercom") == {}


def test_cursors_that_are_never_known_end_in_an_error(home):
    def forgetful(answer, request):
        return Answer({"errors": "page_info"}, 400) if "page_info" in request.query else answer

    found = home("shopify", forgetful)
    # All orders are of one minute: what is read again never gets beyond the first page.
    for row in found.vendor.records["orders"]:
        row["updated_at"] = "2026-03-01T10:00:00Z"
    [error] = errors(found.pull())
    assert "does not take this request (400)" in error
    assert len(found.server.requests) == 2 * (RESTARTS + 1)


def test_no_message_holds_a_credential(home):
    token = home("shopify").vendor.credentials["SUPPORT_KPIS_SHOPIFY_ACCESS_TOKEN"]
    for status in (400, 401, 404, 405, 418):
        found = home("shopify", lambda answer, request, status=status: Answer({"said": token}, status))
        lines = []
        [error] = errors(found.pull(progress=lines.append))
        assert token not in error + "".join(lines)


def test_the_night_after_a_stop_reads_what_is_new_as_well(home):
    """A pull that stopped goes on from its page, to when it began, and then to now."""
    found = home("shopify")
    found.server.answer = lambda request: (
        Answer(b"", 405) if "page_info" in request.query else found.vendor.answer(request)
    )
    assert errors(found.pull()) != []
    found.server.answer = found.vendor.answer
    found.server.clock.sleep(DAY)
    fresh = found.vendor.records["orders"][0] | {"id": 1, "name": "#new", "updated_at": "2026-03-02T20:00:00Z"}
    found.vendor.records["orders"].append(fresh)
    assert errors(found.pull()) == []
    names = {json.loads(row)["name"] for row in landed(found.settings, "shopify")["orders_api"]}
    assert names == {row["name"] for row in found.vendor.records["orders"]}
    with Positions(found.settings.positions_path) as positions:
        assert positions.get(("shopify", "orders_api"), "").position["until"] == int(found.server.clock.now())


def test_what_is_deleted_or_becomes_spam_is_told(home):
    found = home("freshdesk")
    tickets = [row for row in found.vendor.records["tickets"] if not row["spam"] and not row["deleted"]][:2]
    found.vendor.records["tickets"] = [dict(row) for row in tickets]
    assert errors(found.pull()) == []
    found.server.clock.sleep(DAY)
    for row, name in zip(found.vendor.records["tickets"], ("spam", "deleted"), strict=True):
        row |= {name: True, "updated_at": "2026-03-02T20:00:00Z"}
    assert errors(found.pull()) == []
    rows = [json.loads(row) for row in landed(found.settings, "freshdesk")["tickets"]]
    assert len(rows) == 4 and {(row["spam"], row["deleted"]) for row in rows} == {
        (False, False), (True, False), (False, True),
    }  # fmt: skip
