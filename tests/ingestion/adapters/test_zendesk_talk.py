"""What the Zendesk Talk adapter refuses, and both spellings of what it reads."""

from __future__ import annotations

import json

from ingestion.adapters import zendesk_talk
from tests.vendors.zendesk_talk import CALL, LEG


def test_impossible_durations_are_rejected(typed):
    negative = CALL | {"hold_time": -1}
    backwards = CALL | {"duration": 60}
    called_back = CALL | {"duration": 60, "callback": True}
    rows = typed(zendesk_talk.CALLS, json.dumps({"calls": [negative, backwards, called_back]}))
    assert [row["_reason"] for row in rows] == ["negative duration in hold_time", "ended before answered", None]


def test_both_spellings_of_a_long_wait_and_of_nobody(typed):
    old = {name: value for name, value in CALL.items() if name != "exceeded_queue_wait_time"}
    spelt = [CALL | {"exceeded_queue_wait_time": True}, old | {"exceeded_queue_time": True}, old]
    rows = typed(zendesk_talk.CALLS, json.dumps({"calls": spelt}))
    assert [row["is_queue_wait_exceeded"] for row in rows] == [True, True, None]
    legs = [LEG | {"agent_id": agent, "transferred_to": other} for agent, other in ((0, 0), (None, None), (7, 8))]
    rows = typed(zendesk_talk.LEGS, json.dumps({"legs": legs}))
    assert [(row["agent_id"], row["is_transferred"]) for row in rows] == [(None, False), (None, False), ("7", True)]
