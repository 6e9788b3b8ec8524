"""What the Intercom adapter keeps of a conversation: who, when and what kind, and none of the words."""

from __future__ import annotations

import json

from ingestion.adapters import intercom
from tests.vendors.intercom import CONVERSATION, PART

SAYS = {
    "title": "Broken kettle",
    "source": CONVERSATION["source"] | {"body": "<p>my kettle leaks</p>"},
    "conversation_rating": CONVERSATION["conversation_rating"] | {"remark": "kettle works again"},
    "custom_attributes": {"reason": "late", "secret": "Kim's door code"},
}


def part(number: int, author_type: str, **more) -> dict:
    author = {"type": author_type, "id": f"{author_type}-{number}", "email": f"{author_type}@example.org"}
    return PART | {"id": number, "author": author, "created_at": 1772446260 + number} | more


def with_parts(*parts, **more) -> dict:
    return CONVERSATION | {"conversation_parts": {"conversation_parts": list(parts)}} | more


def test_words_are_matched_and_left(typed):
    record = with_parts(part(1, "user", body="the kettle"), part(2, "admin", body=""), **SAYS)
    (row,) = typed(intercom.CONVERSATIONS, json.dumps(record), field_ids=("reason",), text_patterns=("leaks", "kettle"))
    assert (row["text_match"], row["rating_text_match"], row["rating_remark_length"]) == ("leaks", "kettle", 18)
    parts = json.loads(row["parts"])
    assert [(one["text_match"], one["has_body"], one["admin_id"]) for one in parts] == [
        ("kettle", True, None), (None, False, "admin-2")]  # fmt: skip
    assert row["fields"] == '{"reason":"late"}'
    for word in ("Broken", "again", "example.org", "door", "user-1"):
        assert word not in str(row)


def test_the_customer_is_who_wrote_first_as_one(typed):
    led = with_parts(part(1, "bot"), part(2, "lead"), source={"author": {"type": "bot", "email": "bot@example.org"}})
    mailed = CONVERSATION | {"source": {"author": {"type": "user", "email": " Lead@example.org"}}}
    sent = CONVERSATION | {"source": {"author": {"type": "admin", "id": 5, "email": "ann@shop.example"}}}
    rows = typed(intercom.CONVERSATIONS, json.dumps({"conversations": [led, mailed, sent]}))
    keys = [row["customer_email_key"] for row in rows]
    assert len(keys[0]) == 64 and keys == [keys[0], keys[0], None]
    assert [row["source_admin_id"] for row in rows] == [None, None, "5"]


def test_lists_of_another_shape_are_none(typed):
    odd = CONVERSATION | {"conversation_parts": "none", "tags": ["refund"]}
    without = CONVERSATION | {"conversation_parts": {"total_count": 3}, "tags": {"tags": []}, "updated_at": None}
    empty = with_parts()
    rows = typed(intercom.CONVERSATIONS, json.dumps({"conversations": [odd, without, empty]}))
    assert [(row["parts"], row["tags"], row["last_part_at"]) for row in rows[:2]] == [(None, None, None)] * 2
    assert (rows[2]["parts"], rows[2]["last_part_at"]) == ("[]", None)
    assert rows[1]["updated_at"] == rows[1]["created_at"]
