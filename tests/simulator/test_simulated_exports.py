"""The form of what the simulator writes: same bytes, shifted weeks, nothing from the future, the vendors' shapes."""

import base64
import csv
import io
import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from ingestion.simulator import simulate
from ingestion.simulator.incidents import sample_incidents
from tests.simulator import simulated_exports as exports

# The European DST change lies between the two ends: shifts are UTC, so it must not show.
END = date(2026, 3, 27)
ARGUMENTS = {"days": 35, "contacts_per_day": 60, "seed": 7}

COLUMNS = {
    "tickets": "ticket_id created_at updated_at status channel subject_type priority brand team assignee_email "
    "requester_email requester_phone created_by issue_type issue_category product tags complexity "
    "order_id escalated_at escalation_reason first_replied_at first_solved_at solved_at reopens "
    "public_replies",
    "ticket_status_changes": "ticket_id changed_at status actor_email",
    "messages": "message_id ticket_id sent_at author_type is_public author_email team resource_used",
    "calls": "call_id arrived_at direction outcome stage_reached queue team queued_at answered_at ended_at "
    "talk_seconds hold_seconds wrap_up_seconds agent_email caller_phone customer_email ticket_id "
    "disposition disposition_class issue_type issue_category transferred_to_team escalated "
    "escalation_reason",
    "survey_responses": "response_id survey_type question_id question scale_min scale_max score comment_length "
    "offered_at answered_at contact_id agent_email team channel brand issue_type",
    "schedule_intervals": "agent_email starts_at ends_at activity_class activity team published_at",
    "status_intervals": "agent_email starts_at ends_at status_class status",
    "evaluations": "evaluation_id version evaluated_at item weight result agent_email team contact_id checklist "
    "is_calibration",
    "employee_survey_responses": "response_id round_date team question scale_min scale_max score",
    "ratings": "rating_id rated_at stars marketplace product_id order_id brand",
    "order_lines": "order_id line_id ordered_at marketplace status product_id quantity unit_price currency "
    "product_category sector customer_id customer_email fulfilled_by ship_by shipped_at delivered_at "
    "cancelled_at cancelled_by updated_at",
    "order_defects": "order_id marketplace defect_type status opened_at",
    "remedies": "remedy_id remedy_type delivered_at ticket_id order_id",
}


def _write(folder: Path, end: date = END, **changed) -> Path:
    simulate(folder, end=end, **(ARGUMENTS | changed), incidents=sample_incidents(end.weekday()))
    return folder


@pytest.fixture(scope="module")
def landing(tmp_path_factory) -> Path:
    return _write(tmp_path_factory.mktemp("landing"))


def _bytes(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _texts(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): exports.text_of(path) for path in folder.rglob("*") if path.is_file()}


def _week_later(text: str) -> str:
    """All dates and Unix seconds of a text moved by a week."""
    text = re.sub(
        r"\d{4}-\d\d-\d\d", lambda m: (date.fromisoformat(m[0]) + timedelta(days=7)).isoformat(), _without_codes(text)
    )
    return re.sub(r"\b1[78]\d{8}\b", lambda m: str(int(m[0]) + 604800), text)


def _without_codes(text: str) -> str:
    """Takes out what hides an instant (cursors) and a date that is none (the version of Connect's format)."""
    return re.sub(r'(cursor=|"after_cursor":"|FormatVersion":")[\w=-]+', r"\1", text)


def test_same_arguments_give_the_same_bytes(landing, tmp_path):
    assert _bytes(_write(tmp_path)) == _bytes(landing)


def test_another_seed_gives_another_history(landing, tmp_path):
    assert _bytes(_write(tmp_path, seed=8)) != _bytes(landing)


def test_a_week_later_is_the_same_history_a_week_later(landing, tmp_path):
    later = {name: _without_codes(text) for name, text in _texts(_write(tmp_path, END + timedelta(days=7))).items()}
    assert {_week_later(name): _week_later(text) for name, text in _texts(landing).items()} == later


def test_nothing_is_later_than_the_end(landing):
    end = datetime(END.year, END.month, END.day, tzinfo=UTC)
    limit = int(end.timestamp())
    for name, text in _texts(landing).items():
        if "order_lines" in name:
            # ship_by is a promise about the future, all else has happened.
            rows = csv.DictReader(io.StringIO(text))
            text = " ".join(value for row in rows for key, value in row.items() if key != "ship_by")
        instants = re.findall(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", text)
        assert max(instants, default="") <= end.strftime("%Y-%m-%dT%H:%M:%SZ"), name
        assert all(int(value) <= limit for value in re.findall(r"\b1[78]\d{8}\b", text)), name


def test_history_has_no_gap_before_the_end(landing):
    created = {row["created_at"][:10] for row in exports.zendesk(landing, "tickets")}
    assert {(END - timedelta(days=n)).isoformat() for n in range(1, ARGUMENTS["days"] + 1)} <= created


@pytest.mark.parametrize("stream", COLUMNS)
def test_generic_columns_are_those_of_the_contract(landing, stream):
    found = exports.files(landing, "generic", stream)
    assert found
    for path in found:
        assert exports.text_of(path).splitlines()[0].split(",") == COLUMNS[stream].split()
    assert all(None not in row and None not in row.values() for row in exports.generic(landing, stream))


def test_generic_files_come_plain_and_compressed(landing):
    suffixes = {path.suffix for path in exports.files(landing, "generic", "tickets")}
    assert suffixes == {".csv", ".gz", ".zst"}


def test_new_contact_records_are_concatenated_old_ones_are_lines(landing):
    newest = exports.files(landing, "amazon_connect", "contact_records")[-1]
    text = exports.text_of(newest)
    assert "\n" not in text and "}{" in text
    oldest = exports.files(landing, "amazon_connect", "contact_records")[0]
    assert oldest.suffix == ".gz"
    assert all(json.loads(line)["ContactId"] for line in exports.text_of(oldest).splitlines())


def test_contact_records_come_again_and_have_legs(landing):
    rows = [
        record
        for path in exports.files(landing, "amazon_connect", "contact_records")
        for record in exports.json_objects(exports.text_of(path))
    ]
    versions = exports.by_ticket(rows, "ContactId")
    assert any(len({r["LastUpdateTimestamp"] for r in copies}) > 1 for copies in versions.values())
    legs = [row for row in rows if row["InitiationMethod"] == "TRANSFER"]
    assert legs and all(row["InitialContactId"] in versions for row in legs)
    assert {"VOICE", "CHAT", "TASK"} <= {row["Channel"] for row in rows}


def test_zendesk_pages_have_borders_that_repeat_and_cursors(landing, tmp_path):
    _write(tmp_path, days=3, contacts_per_day=900)
    pages = [json.loads(exports.text_of(path)) for path in exports.files(tmp_path, "zendesk", "tickets")]
    first, second = pages[0], pages[1]
    assert not first["end_of_stream"] and second["tickets"][0] == first["tickets"][-1]
    cursor = base64.b64decode(first["after_cursor"] + "==").decode()
    assert cursor == f"{first['tickets'][-1]['generated_timestamp']}.0||{first['tickets'][-1]['id']}|"[: len(cursor)]
    events = json.loads(exports.text_of(exports.files(tmp_path, "zendesk", "ticket_events")[0]))
    assert {"ticket_events", "count", "end_time", "next_page", "end_of_stream"} == set(events)


def test_zendesk_rows_have_versions_and_both_spellings(landing):
    versions = exports.by_ticket(exports.zendesk(landing, "tickets"), "id")
    assert any(len({row["status"] for row in rows}) > 1 for rows in versions.values())
    assert any(
        len({row["generated_timestamp"] for row in rows}) > len({row["updated_at"] for row in rows})
        for rows in versions.values()
    )
    children = [child for audit in exports.zendesk(landing, "ticket_events") for child in audit["child_events"]]
    assert any("field_name" in child and "type" in child for child in children)
    assert any("status" in child and child.get("event_type") == "Change" for child in children)
    assert any(child.get("public") is False for child in children)
    left = [u["role"] for u in exports.zendesk(landing, "users") if u["email"].endswith("@shop.example")]
    assert "agent" in left and "end-user" in left


def test_tickets_have_every_kind_of_life(landing):
    statuses = {row["status"] for row in exports.generic(landing, "tickets")}
    assert {"new", "pending", "open", "solved", "closed"} <= statuses
    newest = {row["id"]: row for row in exports.zendesk(landing, "tickets")}.values()
    assert {"deleted", "closed", "solved", "pending"} <= {row["status"] for row in newest}
    assert any("closed_by_merge" in row["tags"] for row in newest)
    assert any(row["metric_set"]["reopens"] for row in newest)
    assert any(row["submitter_id"] != row["requester_id"] and row["via"]["channel"] == "email" for row in newest)


def test_orders_have_currencies_repeat_buyers_and_every_end(landing):
    lines = exports.generic(landing, "order_lines")
    assert {(row["marketplace"], row["currency"]) for row in lines} == {
        ("amazon", "EUR"), ("ebay", "GBP"), ("shop", "EUR"),
    }  # fmt: skip
    assert {row["status"] for row in lines} == {"open", "shipped", "delivered", "cancelled"}
    assert {row["cancelled_by"] for row in lines} == {"", "buyer", "seller", "system"}
    assert len({row["sector"] for row in lines}) == 4 and "sport" not in {
        row["sector"] for row in lines if row["marketplace"] == "ebay"
    }
    buyers = exports.by_ticket(lines, "customer_id")
    assert any(len({row["order_id"] for row in rows}) > 1 for rows in buyers.values())
    assert {row["remedy_type"] for row in exports.generic(landing, "remedies")} == {
        "refund", "replacement", "return", "other",
    }  # fmt: skip
    assert any(row["order_id"] and not row["ticket_id"] for row in exports.generic(landing, "remedies"))


def test_surveys_ask_about_calls_and_tickets_and_some_answer_twice(landing):
    rows = exports.generic(landing, "survey_responses")
    assert {row["question_id"] for row in rows if row["survey_type"] == "yes_no"} == {"solved", "easy"}
    streams = {row["contact_id"].rsplit("/", 1)[0] for row in rows if row["survey_type"] == "nps"}
    assert {"zendesk/tickets", "generic/tickets", "generic/calls", "asterisk/queue_log"} <= streams
    answers = exports.by_ticket([row for row in rows if row["score"]], "response_id")
    assert any(len({row["answered_at"] for row in found}) > 1 for found in answers.values())
    known = {f"amazon_connect/contact_records/{r['ContactId']}" for r in exports.contact_records(landing)}
    asked = {r["contact_id"] for r in rows if r["contact_id"].startswith("amazon_connect")}
    assert asked and asked <= known


def test_schedules_are_published_again_and_evaluations_corrected(landing):
    plans = exports.by_ticket(exports.generic(landing, "schedule_intervals"), "agent_email")
    again = {
        (agent, row["starts_at"][:10])
        for agent, rows in plans.items()
        for row in rows
        if any(o["starts_at"][:10] == row["starts_at"][:10] and o["published_at"] > row["published_at"] for o in rows)
    }
    assert again
    evaluations = exports.generic(landing, "evaluations")
    assert {row["version"] for row in evaluations} == {"1", "2"}
    assert {row["is_calibration"] for row in evaluations} == {"true", "false"}
    assert {"available", "on_contact", "after_contact", "productive_other", "non_productive", "offline"} == {
        row["status_class"] for row in exports.generic(landing, "status_intervals")
    }


def test_volume_is_about_what_was_asked_for(landing):
    tickets = {row["ticket_id"] for row in exports.generic(landing, "tickets") if row["created_by"] == "customer"}
    tickets |= {row["id"] for row in exports.zendesk(landing, "tickets") if row["submitter_id"] == row["requester_id"]}
    calls = len(exports.queue_waits(landing))
    asked = ARGUMENTS["days"] * ARGUMENTS["contacts_per_day"]
    assert 0.85 * asked < len(tickets) + calls < 1.25 * asked


@pytest.mark.parametrize("wrong", [{"days": 0}, {"contacts_per_day": 0}])
def test_nothing_to_simulate_is_an_error(tmp_path, wrong):
    with pytest.raises(ValueError, match="at least 1"):
        _write(tmp_path, **wrong)
