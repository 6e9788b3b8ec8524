"""What the Freshdesk adapter makes of Freshdesk's spellings: custom fields, words, hours. Worked out by hand."""

from __future__ import annotations

import pytest

from ingestion.adapters import freshdesk, freshdesk_csv

TICKET = {
    "id": 9007199254740993, "created_at": "2026-03-01T21:41:09Z", "updated_at": "2026-03-07T07:01:23Z", "status": 2,
    "subject": "Where is it?", "description": "<p>late</p>", "description_text": "Too late for me, Kim",
    "custom_fields": {"cf_reason": "late", "cf_items": ["sku_a", "sku_b"], "cf_phone": "+49 30 123", "cf_none": None},
    "requester": {"name": "Kim", "email": "Kim@Example.org", "mobile": "+49 170 1", "phone": "+49 30 123"},
}  # fmt: skip
HEADER = "Ticket ID,Created time,Status,Subject,Reason,Resolution time (in hrs)\n"
LINE = "7012,2026-03-01T21:41:09Z,Closed,Too late,late,{hours}\n"


def test_only_custom_fields_that_a_file_names(typed):
    [row] = typed(freshdesk.TICKETS, [TICKET], field_ids=("cf_items", "cf_none", "cf_reason", "Reason", "it's"))
    assert row["ticket_id"] == "9007199254740993"
    assert row["fields"] == '{"cf_items":"sku_a;sku_b","cf_reason":"late"}'
    [line] = typed(freshdesk_csv.TICKETS_CSV, HEADER + LINE.format(hours=""), field_ids=("Reason", "cf_reason"))
    assert line["fields"] == '{"Reason":"late"}'
    assert typed(freshdesk.TICKETS, [TICKET])[0]["fields"] is None


def test_words_are_matched_and_go(typed):
    [row] = typed(freshdesk.TICKETS, [TICKET], text_patterns=("broken", "[Ll]ate for"))
    assert row["text_match"] == "[Ll]ate for"
    [line] = typed(freshdesk_csv.TICKETS_CSV, HEADER + LINE.format(hours=""), text_patterns=("[Ll]ate",))
    assert line["text_match"] == "[Ll]ate"
    reply = {"id": 1, "ticket_id": 7, "created_at": "2026-03-01T21:41:09Z", "incoming": True, "body": "late, Kim"}
    [said] = typed(freshdesk.CONVERSATIONS, [reply], text_patterns=("late",))
    assert said["text_match"] == "late"
    assert "Kim" not in str((row, line, said)) and "kim" not in str(row)


def test_the_mobile_number_comes_first(typed):
    both, none = TICKET, TICKET | {"requester": TICKET["requester"] | {"mobile": None}}
    keys = [row["requester_phone_key"] for row in typed(freshdesk.TICKETS, [both, none])]
    assert None not in keys and keys[0] != keys[1]


@pytest.mark.parametrize(
    ("hours", "seconds"),
    [("129:20:14", 465614), ("00:00:00", 0), ("5 days 09:20:14", 465614), ("1 day 00:00:01", 86401), ("", None),
     ("1900-01-05 09:20:14", None), ("9.31", None)],
)  # fmt: skip
def test_hours_that_pass_a_day(typed, hours, seconds):
    [line] = typed(freshdesk_csv.TICKETS_CSV, HEADER + LINE.format(hours=hours))
    assert (line["_reason"], line["metric_resolution_seconds"]) == (None, seconds)
