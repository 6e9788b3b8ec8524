"""Customers become keyed hashes: normal forms, and nothing of a person in the lake."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from ingestion.people import normal_customer_id, normal_email, normal_phone, person_key

KEY = "a key for tests, of more than 32 characters"


def test_the_hash_is_an_hmac_with_the_kind_in_the_message():
    expected = hmac.new(KEY.encode(), b"email:kim@example.org", hashlib.sha256).hexdigest()
    assert person_key("email", "  Kim@Example.org ", KEY) == expected
    assert person_key("phone", "anonymous", KEY) is None


@pytest.mark.parametrize("text", ["", "  ", "Anonymous", "UNKNOWN", "none"])
def test_nobody(text):
    assert normal_email(text) is None
    assert normal_phone(text) is None
    assert normal_customer_id(text) is None


def test_a_shops_customer_id_keeps_its_case_and_its_kind():
    assert normal_customer_id(" A-00017 ") == "A-00017"
    assert person_key("customer_id", "a@b.example", KEY) != person_key("email", "a@b.example", KEY)
    with pytest.raises(ValueError, match="unknown kind"):
        person_key("name", "Kim", KEY)


@pytest.mark.parametrize(
    ("text", "country", "normal"),
    [
        ("+49 (0)30 123-456", None, "+4930123456"),
        ("0049 30 123456", None, "+4930123456"),
        ("030/123 456", "DE", "+4930123456"),
        ("tel:+15550001111", "DE", "+15550001111"),
        ("(555) 000-1111", "US", "+15550001111"),
        ("1 555 000 1111", "US", "+15550001111"),
        ("06 1234 5678", "IT", "+390612345678"),
        ("030 123456", None, "030123456"),
        ("+49 30 12x", "DE", None),
        ("Local/2001@from-internal", "DE", None),
        ("0", "DE", None),
    ],
)
def test_numbers_become_e164(text, country, normal):
    assert normal_phone(text, country) == normal


def test_no_person_is_found_in_the_lake(lab):
    lab.sources = {"generic": {"country": "DE"}}
    header = "ticket_id,created_at,updated_at,status,channel,requester_email,requester_phone"
    instants = "2026-03-02T08:00:00Z,2026-03-02T08:00:00Z"
    lab.land("generic/tickets/t.csv", f"{header}\n1,{instants},open,email,Kim@Example.org,030 123456\n"
             f"2,{instants},open,phone,,+4930123456\n3,{instants},open,phone,unknown,anonymous\n")  # fmt: skip
    lab.land("generic/messages/m.csv", "message_id,ticket_id,sent_at,author_type,is_public,author_email,body\n"
             "1,1,2026-03-02T08:00:00Z,customer,true,kim@example.org,Where is my parcel?\n"
             "2,1,2026-03-02T08:01:00Z,agent,true,ana@shop.example,Here.\n")  # fmt: skip
    lab.land(
        "generic/ticket_status_changes/s.csv",
        "ticket_id,changed_at,status,actor_email\n"
        "1,2026-03-02T08:02:00Z,solved,Ana@shop.example\n1,2026-03-02T08:03:00Z,open, KIM@example.org\n",
    )
    lab.land(
        "generic/order_lines/o.csv",
        "order_id,line_id,ordered_at,marketplace,status,product_id,quantity,unit_price,currency,customer_id,"
        "customer_email\n1,1,2026-03-02T08:00:00Z,shop,open,p,1,9.90,EUR, C-777001 ,kim@example.org\n",
    )
    lab.run()
    email, phone = person_key("email", "kim@example.org", KEY), person_key("phone", "+4930123456", KEY)
    agent = person_key("email", "ana@shop.example", KEY)
    assert lab.rows("generic/ticket_status_changes", "actor_email_key") == [(agent,), (email,)]
    assert lab.rows("generic/messages", "author_email_key") == [(None,), (agent,)]
    assert lab.rows("generic/order_lines", "customer_id_key, customer_email_key") == [
        (person_key("customer_id", "C-777001", KEY), email)]  # fmt: skip
    assert lab.rows("generic/tickets", "requester_email_key, requester_phone_key") == [
        (email, phone), (None, phone), (None, None)]  # fmt: skip
    assert lab.rows("generic/messages", "author_email") == [(None,), ("ana@shop.example",)]
    stored = [p for p in lab.settings.home.rglob("*") if p.is_file() and "landing" not in p.parts]
    content = b"".join(p.read_bytes() for p in stored).lower()
    for trace in (b"kim@example", b"777001", b"123456", b"parcel", KEY.encode().lower()):
        assert trace not in content
