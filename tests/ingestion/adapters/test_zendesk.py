"""What the Zendesk adapter makes of Zendesk's spellings. Numbers worked out by hand."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from ingestion.adapters import zendesk, zendesk_directory
from ingestion.adapters.rails_zones import RAILS_TO_IANA

TICKET = {
    "id": 9007199254740993,
    "via": {"channel": "email", "source": {"from": {"address": "Kim@Example.org"}, "to": {}, "rel": None}},
    "created_at": "2026-03-02T08:14:07Z",
    "updated_at": "2026-03-02T09:02:51Z",
    "generated_timestamp": 1772442199,
    "status": "solved",
    "requester_id": 5512345678901,
    "tags": ["refund", "vip"],
    "custom_fields": [
        {"id": 36001, "value": "refund_late"}, {"id": 36002, "value": ["sku_a", "sku_b"]},
        {"id": 36003, "value": True}, {"id": 36004, "value": None}, {"id": 36005, "value": "+49 30 123"},
    ],
    "metric_set": {
        "reopens": 0, "replies": 1, "solved_at": "2026-03-02T09:02:51Z",
        "reply_time_in_minutes": {"calendar": 48, "business": 3},
        "reply_time_in_seconds": {"calendar": None},
        "first_resolution_time_in_minutes": {"calendar": 47, "business": None},
        "full_resolution_time_in_minutes": {"calendar": 49, "business": 4},
    },
}  # fmt: skip


def test_ticket_in_all_its_parts(typed):
    [row] = typed(zendesk.TICKETS, {"tickets": [TICKET], "end_of_stream": True}, field_ids=("36001", "36002", "36003"))
    assert row["_reason"] is None
    assert row["ticket_id"] == "9007199254740993"
    assert row["generated_at"] == datetime(2026, 3, 2, 9, 3, 19)
    assert row["via_channel"] == "email"
    assert len(row["via_from_email_key"]) == 64
    assert row["tags"] == "refund;vip"
    assert row["fields"] == '{"36001":"refund_late","36002":"sku_a;sku_b","36003":"true"}'
    assert (row["metric_reply_calendar_minutes"], row["metric_reply_business_minutes"]) == (48, 3)
    assert row["metric_first_resolution_calendar_minutes"] == 47
    assert row["metric_first_resolution_business_minutes"] is None
    assert (row["metric_full_resolution_calendar_minutes"], row["metric_reply_seconds"]) == (49, None)
    assert (row["metric_solved_at"], row["metric_reopens"]) == (datetime(2026, 3, 2, 9, 2, 51), 0)


def test_custom_fields_that_no_file_names_stay_outside(typed):
    [row] = typed(zendesk.TICKETS, {"tickets": [TICKET]})
    assert row["fields"] is None
    [row] = typed(zendesk.TICKETS, {"tickets": [TICKET]}, field_ids=("36004", "99"))
    assert row["fields"] is None


def test_ticket_without_its_optional_parts(typed):
    bare = {key: TICKET[key] for key in ("id", "created_at", "updated_at", "status")}
    [row] = typed(zendesk.TICKETS, {"tickets": [bare]}, field_ids=("36001",))
    assert row["_reason"] is None
    assert row["generated_at"] == datetime(2026, 3, 2, 9, 2, 51)
    assert row["via_channel"] is row["tags"] is row["fields"] is row["metric_replies"] is None


@pytest.mark.parametrize(
    ("channel", "name"),
    [(4, "mail"), ("8", "rule"), (0, "web_form"), (998, "998"), ("native_messaging", "native_messaging"),
     ("3rd Party", "3rd_party"), ("Web form", "web_form")],
)  # fmt: skip
def test_via_as_a_number(typed, channel, name):
    [row] = typed(zendesk.TICKETS, {"tickets": [TICKET | {"via": {"channel": channel}}]})
    assert row["via_channel"] == name


def test_unknown_status_is_rejected(typed):
    rows = typed(zendesk.TICKETS, {"tickets": [TICKET | {"status": "frozen"}, TICKET | {"status": "archived"}]})
    assert [row["_reason"] for row in rows] == ["unknown value in status", None]


def test_empty_page_and_dump_of_one_ticket_a_line(typed):
    assert typed(zendesk.TICKETS, '{"tickets":[],"count":0,"end_of_stream":true}') == []
    lines = '{"id":1,"created_at":"2026-03-02T08:00:00Z","updated_at":"2026-03-02T08:00:00Z","status":"new"}\n' * 2
    assert [row["ticket_id"] for row in typed(zendesk.TICKETS, lines)] == ["1", "1"]


def _event(children, **changes):
    audit = {"id": 77, "ticket_id": 84211, "timestamp": 1772442171, "created_at": "2026-03-02T09:02:51Z",
             "updater_id": 55, "via": "Web form", "event_type": "Audit", "child_events": children}  # fmt: skip
    return {"ticket_events": [audit | changes], "count": 1, "end_of_stream": True}


def test_child_events_in_every_spelling(typed):
    comment = {"id": 1, "event_type": "Comment", "author_id": 5, "public": True, "via": {"channel": 8},
               "created_at": "2026-03-02T09:02:50Z", "body": "secret"}  # fmt: skip
    bare = {"id": 2, "event_type": "Change", "status": "solved", "previous_value": "open", "via": "Rule"}
    named = {"id": 3, "type": "Change", "field_name": "group_id", "value": "991", "previous_value": "990"}
    create = {"id": 4, "event_type": "Create", "status": "new", "assignee_id": 7}
    kind = {"id": 5, "event_type": "Change", "type": "incident"}
    rows = typed(zendesk.TICKET_EVENTS, _event([comment, bare, named, create, kind]))
    rows = {row["event_id"]: row for row in rows}
    assert [rows[i]["_reason"] for i in "12345"] == [None] * 5
    assert [rows[i]["kind"] for i in "12345"] == ["Comment", "Change", "Change", "Create", "Change"]
    assert [rows[i]["via_channel"] for i in "12345"] == ["rule", "rule", "web_form", "web_form", "web_form"]
    assert [rows[i]["status"] for i in "12345"] == [None, "solved", None, "new", None]
    assert (rows["2"]["previous_status"], rows["2"]["previous_group_id"]) == ("open", None)
    assert (rows["3"]["group_id"], rows["3"]["previous_group_id"], rows["4"]["assignee_id"]) == ("991", "990", "7")
    assert (rows["1"]["author_id"], rows["1"]["is_public"], rows["1"]["audit_id"]) == ("5", True, "77")
    assert rows["1"]["created_at"] == datetime(2026, 3, 2, 9, 2, 50)
    assert rows["2"]["created_at"] == datetime(2026, 3, 2, 9, 2, 51)
    assert "secret" not in str(rows)


def test_event_that_says_its_time_in_seconds(typed):
    [row] = typed(zendesk.TICKET_EVENTS, _event([{"id": 1, "event_type": "Comment"}], created_at=None))
    assert row["created_at"] == datetime(2026, 3, 2, 9, 2, 51)


def test_people_keep_name_and_address_only_as_agents(typed):
    users = [
        {"id": 1, "role": "agent", "name": "Anna Berg", "email": "Anna@Shop.example",
         "updated_at": "2026-01-01T00:00:00Z"},
        {"id": 2, "role": "end-user", "name": "Kim", "email": "kim@example.org", "phone": "+49301234567",
         "updated_at": "2026-01-01T00:00:00Z"},
    ]  # fmt: skip
    agent, customer = typed(zendesk_directory.USERS, {"users": users})
    assert (agent["agent_email"], agent["agent_name"]) == ("anna@shop.example", "Anna Berg")
    assert customer["agent_email"] is customer["agent_name"] is None
    assert len(customer["email_key"]) == len(customer["phone_key"]) == 64
    assert "kim" not in str(customer).lower()


def test_schedule_zones(typed):
    def schedule(zone):
        return {"id": 1, "name": "Day", "time_zone": zone, "intervals": [{"start_time": 1980, "end_time": 2460}],
                "updated_at": "2026-01-01T00:00:00Z"}  # fmt: skip

    zones = ["Pacific Time (US & Canada)", "New Caledonia", "Europe/Berlin", "Nuku'alofa", "Atlantis"]
    rows = typed(zendesk_directory.SCHEDULES, {"schedules": [schedule(zone) for zone in zones]})
    assert [row["time_zone"] for row in rows[:4]] == [
        "America/Los_Angeles", "Pacific/Noumea", "Europe/Berlin", "Pacific/Tongatapu"]  # fmt: skip
    assert [row["_reason"] for row in rows] == [None] * 4 + ["unknown time zone"]
    assert rows[0]["intervals"] == '[{"start_time":1980,"end_time":2460}]'


def test_every_rails_zone_is_known_to_the_engine(typed):
    rows = typed(zendesk_directory.SCHEDULES, {"schedules": [
        {"id": i, "time_zone": name, "intervals": [], "updated_at": "2026-01-01T00:00:00Z"}
        for i, name in enumerate(RAILS_TO_IANA)
    ]})  # fmt: skip
    assert len(rows) > 150
    assert {row["_reason"] for row in rows} == {None}


def test_holidays_ratings_groups_and_brands(typed):
    [holiday] = typed(zendesk_directory.HOLIDAYS, {"holidays": [
        {"id": 1, "name": "May day", "start_date": "2026-05-01", "end_date": "2026-05-01"}]})  # fmt: skip
    assert (holiday["schedule_id"], holiday["start_date"], holiday["_reason"]) == (None, date(2026, 5, 1), None)
    stamps = {"created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z"}
    ratings = {"satisfaction_ratings": [{"id": 1, "score": "good", "comment": "thanks, Kim ", **stamps}]}
    [rating] = typed(zendesk_directory.SATISFACTION_RATINGS, ratings, text_patterns=("(?i)kim", "thanks"))
    assert (rating["score"], rating["comment_length"], rating["text_match"]) == ("good", 11, "(?i)kim")
    assert "Kim" not in str(rating)
    [group] = typed(zendesk_directory.GROUPS, {"groups": [{"id": 991, "name": "Orders", "deleted": True, **stamps}]})
    assert (group["group_id"], group["is_deleted"]) == ("991", True)
    [brand] = typed(zendesk_directory.BRANDS, {"brands": [{"id": 12, "name": "Shop", "active": True, **stamps}]})
    assert (brand["brand_id"], brand["is_active"]) == ("12", True)


def test_ticket_metrics_go_by_their_ticket(typed):
    metric = TICKET["metric_set"] | {"id": 1, "ticket_id": 84211, "updated_at": "2026-03-02T09:02:51Z"}
    [row] = typed(zendesk.TICKET_METRICS, {"ticket_metrics": [metric]})
    assert (row["ticket_id"], row["metric_reply_calendar_minutes"], row["metric_replies"]) == ("84211", 48, 1)
