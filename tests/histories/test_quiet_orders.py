"""Orders and survey responses without any news of their own, each of which one rule alone finds.

Three nights: the second brings rows of others and ten days, the third takes a help desk away. With a rule of
int_touched_orders, int_widened_sales or int_touched_responses taken out, a table differs from that of a whole build.
"""

import json
from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest

from tests.histories.history import Night
from tests.histories.playing import tables_after
from tests.worlds.building import build_world
from tests.worlds.exporting import Files

FIRST, SECOND = datetime(2026, 3, 2, 12, tzinfo=UTC), datetime(2026, 3, 12, 12, tzinfo=UTC)
OLD, EARLY, LATE = "2026-02-10T10:00:00Z", "2026-02-01T10:00:00Z", "2026-03-05T10:00:00Z"
LINES = (
    "order_id,marketplace,ordered_at,customer_email,status,ship_by,cancelled_at,updated_at,"
    "line_id,product_id,product_category,quantity,unit_price,currency,fulfilled_by"
)
GOODS = "1,P,K,1,10,EUR,seller"
RATINGS = "rating_id,order_id,rated_at,stars,marketplace"
DEFECTS = "order_id,marketplace,defect_type,status,opened_at,updated_at"
TICKETS = "ticket_id,created_at,updated_at,status,channel,requester_email,requester_phone,team"
RESPONSES = "response_id,offered_at,answered_at,contact_id,score,survey_type,question_id,scale_min,scale_max"
ASKED = "csat,q,1,5"


@pytest.mark.long
def test_orders_and_responses_without_news_of_their_own_are_found(compiled, tmp_path):
    world = build_world(Random(1), "UTC")
    nights = [
        Night(_first(), replace(world, as_of=FIRST)),
        Night(_others(), replace(world, as_of=SECOND)),
        Night(_another_year(), replace(world, as_of=SECOND)),
    ]
    found = tables_after(nights, tmp_path / "home", compiled)
    assert found["fct_order"][0] == 16, "an export was not read"
    assert found["fct_survey_response"][0] == 7, "an export was not read"


def _first() -> Files:
    lines = [
        f"due_later,shop,{OLD},,open,{LATE},,,{GOODS}",
        f"rated_later,shop,{OLD},,open,,,,{GOODS}",
        f"its_rating_is_of_later,shop,{OLD},,open,,,,{GOODS}",
        f"its_claim_ends_later,shop,{OLD},,open,,,,{GOODS}",
        f"cancelled_later,shop,{OLD},,cancelled,,{LATE},,{GOODS}",
        f"repeat_in_hindsight,shop,{OLD},b@c.example,open,,,,{GOODS}",
        f"a_gift,shop,{EARLY},c@c.example,open,,,,{GOODS}",
        f"no_repeat_any_more,shop,{OLD},c@c.example,open,,,,{GOODS}",
        f"by_one_address,shop,{EARLY},e@c.example,open,,,,{GOODS}",
        f"by_another,shop,{OLD},f@c.example,open,,,,{GOODS}",
        # A number that two marketplaces gave: the customer on one of them is in the news.
        f"number,amazon,{OLD},g@c.example,open,,,,{GOODS}",
        f"number,ebay,{OLD},h@c.example,open,,,,{GOODS}",
        f"before_it,ebay,{EARLY},h@c.example,open,,,,{GOODS}",
        f"put_off,shop,{EARLY},i@c.example,open,,,,{GOODS}",
        f"first_after_all,shop,{OLD},i@c.example,open,,,,{GOODS}",
    ]
    tickets = [
        f"passed_on,{OLD},{OLD},open,email,,,Orders",
        f"quiet,{OLD},{OLD},open,email,,,Orders",
    ]
    responses = [
        f"answered_later,{OLD},{LATE},,5,{ASKED}",
        f"about_a_ticket_to_come,{OLD},{OLD},to_come,5,{ASKED}",
        f"about_a_ticket_passed_on,{OLD},{OLD},passed_on,4,{ASKED}",
        f"nothing_new,{OLD},{OLD},,3,{ASKED}",
    ]
    rated = {"id": 1, "ticket_id": 2, "group_id": 7, "score": "good", "created_at": OLD, "updated_at": OLD}
    return {
        "generic/order_lines/1.csv": _csv(LINES, lines),
        "generic/ratings/1.csv": _csv(RATINGS, [f"1,its_rating_is_of_later,{LATE},1,"]),
        "generic/order_defects/1.csv": _csv(
            DEFECTS,
            [
                f"its_claim_ends_later,shop,a_to_z,open,{OLD},{OLD}",
                f"its_claim_ends_later,shop,a_to_z,denied,{OLD},{LATE}",
            ],
        ),
        "generic/tickets/1.csv": _csv(TICKETS, tickets),
        "generic/survey_responses/1.csv": _csv(RESPONSES, responses),
        "zendesk/tickets/1.json": _tickets_of_zendesk(OLD, 1769940000),
        "zendesk/satisfaction_ratings/1.json": json.dumps({"satisfaction_ratings": [rated]}).encode(),
        "delighted/responses/1.json": json.dumps([_delighted()]).encode(),
    }


def _others() -> Files:
    lines = [
        f"before_the_first,shop,{EARLY},b@c.example,open,,,,{GOODS}",
        f"a_gift,shop,{EARLY},d@c.example,open,,,{LATE},{GOODS}",
        f"put_off,shop,2027-01-01T10:00:00Z,i@c.example,open,,,{LATE},{GOODS}",
        f"of_the_same_customer,amazon,{EARLY},g@c.example,open,,,,{GOODS}",
    ]
    tickets = [
        f"one,{OLD},{OLD},open,email,e@c.example,+49 30 1111111,",
        f"other,{OLD},{OLD},open,email,f@c.example,+49 30 1111111,",
        f"to_come,{OLD},{OLD},open,email,,,Orders",
        f"passed_on,{OLD},{LATE},open,email,,,Returns",
    ]
    group = {"id": 7, "name": "Orders", "created_at": OLD, "updated_at": OLD}
    return {
        "generic/order_lines/2.csv": _csv(LINES, lines),
        "generic/ratings/2.csv": _csv(RATINGS, [f"2,rated_later,{OLD},1,"]),
        "generic/tickets/2.csv": _csv(TICKETS, tickets),
        "generic/survey_responses/2.csv": _csv(RESPONSES, [f"told_late,{OLD},{OLD},,2,{ASKED}"]),
        "zendesk/groups/2.json": json.dumps({"groups": [group], "end_of_stream": True}).encode(),
    }


def _another_year() -> Files:
    """Zendesk's only ticket is of next year now: there is one help desk, and a bare id names a ticket there."""
    return {"zendesk/tickets/3.json": _tickets_of_zendesk("2027-01-01T10:00:00Z", 1772704800)}


def _tickets_of_zendesk(created_at: str, generated: int) -> bytes:
    ticket = {"id": 1, "status": "open", "via": {"channel": "email"}, "generated_timestamp": generated}
    ticket |= {"created_at": created_at, "updated_at": created_at}
    return json.dumps({"tickets": [ticket], "end_of_stream": True}).encode()


def _delighted() -> dict:
    return {
        "id": "d1", "score": 5, "survey_type": "csat", "created_at": 1770717600, "updated_at": 1770717600,
        "person_properties": {"Ticket ID": "quiet"},
    }  # fmt: skip


def _csv(header: str, rows: list[str]) -> bytes:
    return "\n".join([header, *rows, ""]).encode()
