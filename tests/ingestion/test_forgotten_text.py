"""Forgotten customers in any text: how they may be written, and what only looks like them."""

import time

import pytest

from ingestion.forgotten_raw import ForgottenRaw
from ingestion.forgotten_text import ForgottenText
from ingestion.people import People, person_key
from ingestion.quarantine import RejectedRow

KEY = "a key for tests, of more than 32 characters"
KEYS = {
    person_key("email", "kim.o'neil@mail.example", KEY): "email",
    person_key("phone", "+4930123456", KEY): "phone",
}
PEOPLE = People(KEY, {People(KEY).mark(key): kind for key, kind in KEYS.items()})
TEXT = ForgottenText(PEOPLE, ["DE"])


@pytest.mark.parametrize(
    "text",
    [
        "T1,Kim.O'Neil@Mail.example,open", '{"from":"kim.o\'neil@mail.example"}', "mailto:kim.o'neil@mail.example.",
        "Kim <KIM.O'NEIL@mail.example>, Ana", "(kim.o'neil@mail.example)", "to=kim.o'neil@mail.example&x=1",
        '{"from":"kim.o\'neil\\u0040mail.example"}', "call 030 123456 today", "c1|+49 (0)30-123456|x",
        "0049 30 12 34 56",
        "2026-03-02 030 123456", "tel:030/123456", "(030) 123-456", f"key {next(iter(KEYS))} here",
    ],
)  # fmt: skip
def test_found_and_taken_out(text):
    assert TEXT.holds(text)
    redacted = TEXT.redacted(text).lower()
    assert not TEXT.holds(redacted) and "[forgotten]" in redacted
    assert "mail.example" not in redacted and "123456" not in redacted


@pytest.mark.parametrize(
    "text",
    ["T1,okim.o'neil@mail.example", "kim.o'neil@mail.example.org", "+4930123457", "4930123456789", "030 1234 567",
     "x" * 70, "a" * 64, "\udc94@\udcff", ""],
)  # fmt: skip
def test_others_are_left_alone(text):
    assert not TEXT.holds(text)
    assert TEXT.redacted(text) == text


@pytest.mark.parametrize("unit", ["A", "=", "(", "( ", "a=", "x@", "@", "1 ", "-1"])
def test_a_long_run_of_anything_costs_no_time(unit):
    """Base64 of 1 MB took an hour; what stands at its end is found."""
    started = time.process_time()
    assert not TEXT.holds(unit * 50_000)
    assert TEXT.holds("A" * 50_000 + "=kim.o'neil@mail.example/" + "A" * 50_000)
    assert TEXT.holds("(" * 50_000 + "030) 123456")
    assert time.process_time() - started < 3


def test_nobody_is_forgotten_without_tombstones():
    assert not ForgottenText(People(KEY), ["DE"]).holds("kim.o'neil@mail.example 030 123456")


def test_a_field_is_found_whatever_it_looks_like():
    people = People(KEY, {People(KEY).mark(person_key("email", "kim at mail", KEY)): "email"})
    assert ForgottenText(people, []).holds_fields("1,2026-03-02, Kim at mail ,open")


@pytest.mark.parametrize("hard", ["[" * 9000 + "]" * 9000, "1" * 9000])
def test_what_python_cannot_read_as_json_is_searched_as_text(hard):
    """DuckDB reads it, so it comes in rejected rows and kept columns."""
    raw = ForgottenRaw(PEOPLE, {})
    for name, found in (("kim.o'neil@mail.example", True), ("ana@mail.example", False)):
        text = f'{{"id":null,"from":"{name}","x":{hard}}}'
        assert raw.holds(("zendesk", "tickets"), RejectedRow("f", 1, "missing ticket_id", text)) is found
        assert TEXT.scrubbed(text) == ("{}" if found else text)
