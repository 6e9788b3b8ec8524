"""What the Amazon Connect adapter makes of contact records, concatenated as Firehose leaves them."""

from __future__ import annotations

import json
from datetime import datetime

from ingestion.adapters import amazon_connect

RECORD = {
    "ContactId": "c-01", "InitialContactId": None, "NextContactId": "c-02", "Channel": "VOICE",
    "InitiationMethod": "INBOUND", "InitiationTimestamp": "2026-03-02T09:00:00Z",
    "DisconnectTimestamp": "2026-03-02T09:09:40Z", "DisconnectReason": "AGENT_DISCONNECT",
    "LastUpdateTimestamp": "2026-03-02T09:11:05Z",
    "Queue": {"Name": "DE-Orders", "EnqueueTimestamp": "2026-03-02T09:00:40Z",
              "DequeueTimestamp": "2026-03-02T09:01:25Z", "Duration": 45},
    "Agent": {"Username": "a.berg", "ConnectedToAgentTimestamp": "2026-03-02T09:01:25Z", "HierarchyGroups": None,
              "AgentInteractionDuration": 400, "CustomerHoldDuration": 95, "AfterContactWorkDuration": 80},
    "Attributes": {"ticket_id": "84230", "reason": "late", "name": "Kim"},
    "CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": "+49301234567"}, "TransferredToEndpoint": None,
}  # fmt: skip
GAVE_UP = RECORD | {"ContactId": "c-09", "Agent": None, "Attributes": {}, "Queue": None, "CustomerEndpoint": None,
                    "TransferredToEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": "+4930999"}}  # fmt: skip


def test_concatenated_records(typed):
    text = json.dumps(RECORD) + json.dumps(GAVE_UP)
    rows = typed(amazon_connect.CONTACT_RECORDS, text, field_ids=("reason", "other"))
    answered, gave_up = rows
    assert [row["_reason"] for row in rows] == [None, None]
    assert (answered["contact_id"], answered["next_contact_id"]) == ("c-01", "c-02")
    assert answered["initial_contact_id"] is None
    assert (answered["queue_name"], answered["queue_duration"]) == ("DE-Orders", 45)
    assert answered["dequeued_at"] == datetime(2026, 3, 2, 9, 1, 25)
    assert [answered[f"{part}_seconds"] for part in ("interaction", "hold", "after_contact_work")] == [400, 95, 80]
    assert (answered["ticket_id"], answered["fields"]) == ("84230", '{"reason":"late"}')
    assert len(answered["customer_phone_key"]) == 64
    assert gave_up["agent_username"] is gave_up["enqueued_at"] is gave_up["fields"] is gave_up["ticket_id"] is None
    assert (answered["is_transferred_external"], gave_up["is_transferred_external"]) == (False, True)
    assert "Kim" not in str(rows)


def test_impossible_records_are_rejected(typed):
    negative = RECORD | {"Agent": RECORD["Agent"] | {"AfterContactWorkDuration": -1}}
    backwards = RECORD | {"DisconnectTimestamp": "2026-03-02T09:01:00Z"}
    rows = typed(amazon_connect.CONTACT_RECORDS, json.dumps([negative, backwards]))
    assert [row["_reason"] for row in rows] == [
        "negative duration in after_contact_work_seconds", "disconnected before connected to an agent"]  # fmt: skip
