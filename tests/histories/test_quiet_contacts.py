"""Contacts without any news of their own, each of which one rule alone finds: what it had said was no longer so.

Three nights: the second brings rows of others and ten days, the third another opening time. With a rule of int_touched,
int_widened or the touched models of staging taken out, the table it serves differs from that of a whole build.
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
OLD = "2026-02-01T10:00:00Z"
TICKETS = "ticket_id,created_at,updated_at,status,channel,requester_email,requester_phone,assignee_email"
MESSAGES = "message_id,ticket_id,sent_at,author_type,is_public,author_email,updated_at"
CHANGES = "ticket_id,changed_at,status,actor_email"
FRESHDESK_LINES = "Ticket ID,Created time,Status,Agent,First response time (in hrs)"
CALLS = "call_id,arrived_at,direction,outcome,stage_reached,ended_at,caller_phone,ticket_id"
ANN = "ann@shop.example"


@pytest.mark.long
def test_contacts_without_news_of_their_own_are_found(compiled, tmp_path):
    world = _world()
    nights = [
        Night(_first(), replace(world, as_of=FIRST)),
        Night(_others(), replace(world, as_of=SECOND)),
        Night(_other_hours(), replace(world, as_of=SECOND)),
    ]
    found = tables_after(nights, tmp_path / "home", compiled)
    assert found["fct_ticket"][0] == 29, "an export was not read"
    assert found["fct_call"][0] == 13, "an export was not read"
    assert found["fct_survey_response"][0] == 1, "an export was not read"


def _world():
    """Chat is answered in the hours of the help desk's schedule 9, all else at any hour."""
    world = build_world(Random(1), "UTC")
    channels = [
        {"row_no": row_no, "source": None, "match_field": "via", "match_value": channel, "channel": channel,
         "response_target_seconds": 86400, "calendar_id": calendar_id, "display_unit": "hours",
         "valid_from": None, "valid_to": None}
        for row_no, (channel, calendar_id) in enumerate([("email", None), ("chat", "zendesk/9")], start=1)
    ]  # fmt: skip
    settings = {**world.settings, "fcr_window_days": 7}
    return replace(world, settings=settings, configuration={**world.configuration, "channels": channels})


def _first() -> Files:
    tickets = [
        f"waits,{OLD},{OLD},open,email,p@c.example,,",
        "may_come_back,2026-03-02T10:00:00Z,2026-03-02T11:00:00Z,solved,email,i@c.example,,",
        f"rewritten,{OLD},{OLD},open,email,r@c.example,,",
        f"rewritten,{OLD},2026-03-05T10:00:00Z,pending,chat,r@c.example,,",
        f"answered_later,{OLD},{OLD},open,email,a@c.example,,",
        f"made_public_later,{OLD},{OLD},open,email,m@c.example,,",
        f"solved_later,{OLD},{OLD},open,email,s@c.example,,",
        f"has_a_neighbour_later,{OLD},2026-02-01T11:00:00Z,solved,email,n@c.example,,",
        f"solved_by_an_agent,{OLD},{OLD},open,email,o@c.example,,",
        f"one_person_by_mail,{OLD},{OLD},open,email,l@c.example,,",
        f"in_opening_hours,{OLD},{OLD},open,chat,,,",
    ]
    messages = [
        f"1,waits,{OLD},customer,true,,",
        f"2,waits,2026-02-01T11:00:00Z,agent,true,{ANN},",
        "3,waits,2026-03-02T10:00:00Z,customer,true,,",
        f"4,may_come_back,2026-03-02T11:00:00Z,agent,true,{ANN},",
        f"5,answered_later,2026-03-04T10:00:00Z,agent,true,{ANN},",
        f"6,made_public_later,2026-02-01T11:00:00Z,agent,false,{ANN},2026-02-01T11:00:00Z",
        f"6,made_public_later,2026-02-01T11:00:00Z,agent,true,{ANN},2026-03-05T11:00:00Z",
        f"7,has_a_neighbour_later,2026-02-01T11:00:00Z,agent,true,{ANN},",
        f"8,in_opening_hours,2026-02-03T11:00:00Z,agent,true,{ANN},",
    ]
    changes = [
        f"solved_later,2026-03-04T10:00:00Z,solved,{ANN}",
        "solved_by_an_agent,2026-02-01T11:00:00Z,solved,nobody.knows@shop.example",
    ]
    calls = [
        "names_a_ticket,2026-02-05T10:00:00Z,inbound,answered,agent,2026-02-05T10:05:00Z,,phone_ticket",
        "one_person_by_phone,2026-02-02T10:00:00Z,inbound,answered,agent,2026-02-02T10:05:00Z,+49 30 1111111,",
        "not_over,2026-03-02T11:59:00Z,inbound,answered,agent,2026-03-02T12:10:00Z,,",
    ]
    in_a_group, in_a_brand, asked_by_5, assigned = (
        {"id": number, "status": "open", "via": {"channel": "email"}, "generated_timestamp": 1769940000}
        | {"created_at": OLD, "updated_at": OLD, **what}
        for number, what in enumerate(({"group_id": 7}, {"brand_id": 8}, {"requester_id": 5}, {"assignee_id": 6}), 1)
    )
    leg = {
        "ContactId": "not-over", "Channel": "VOICE", "InitiationMethod": "INBOUND", "LastUpdateTimestamp": OLD,
        "InitiationTimestamp": "2026-03-02T11:50:00Z", "DisconnectTimestamp": "2026-03-02T12:10:00Z",
        "Queue": {"Name": "Help", "EnqueueTimestamp": "2026-03-02T11:51:00Z"},
    }  # fmt: skip
    return {
        "generic/tickets/1.csv": _csv(TICKETS, tickets),
        "generic/messages/1.csv": _csv(MESSAGES, messages),
        "generic/ticket_status_changes/1.csv": _csv(CHANGES, changes),
        "generic/calls/1.csv": _csv(CALLS, calls),
        "zendesk/tickets/1.json": _export(tickets=[in_a_group, in_a_brand, asked_by_5, assigned]),
        "zendesk/schedules/1.json": _schedule(OLD, opens=9 * 60),
        **_first_of_freshdesk(),
        "amazon_connect/contact_records/1": json.dumps(leg).encode(),
        "asterisk/queue_log/queue_log": b"1772449200|nobody.hangs.up|help|NONE|ENTERQUEUE||+49302222222|1\n",
        **_talk(),
        **_conversations(),
    }


def _talk() -> Files:
    """Calls of Zendesk Talk that name group 7, customer 5 or agent 6, or are over, changed or passed on later."""
    dated = {"created_at": OLD, "updated_at": OLD}
    call = dated | {"direction": "inbound", "completion_status": "completed", "duration": 60, "time_to_answer": 10}
    call |= {"agent_id": 6, "wait_time": 5, "talk_time": 50}
    calls = [
        call | {"id": 1, "agent_id": 1, "call_group_id": 7},
        call | {"id": 2, "agent_id": 1, "customer_id": 5},
        call | {"id": 3},
        call | {"id": 4, "agent_id": 1, "created_at": "2026-03-02T11:59:30Z"},
        call | {"id": 5, "agent_id": 1},
        call | {"id": 5, "agent_id": 1, "updated_at": "2026-03-05T10:00:00Z", "wrap_up_time": 20},
        call | {"id": 6, "agent_id": 1},
        call | {"id": 7, "agent_id": 1},
        call | {"id": 8, "agent_id": 1},
    ]
    leg = dated | {"type": "agent", "completion_status": "completed", "agent_id": 1, "talk_time": 50}
    legs = [
        leg | {"id": 61, "call_id": 6, "agent_id": 6},
        leg | {"id": 71, "call_id": 7},
        leg | {"id": 71, "call_id": 8, "updated_at": "2026-03-05T10:00:00Z", "transferred_to": 6},
    ]
    return {"zendesk_talk/calls/1.json": _export(calls=calls), "zendesk_talk/legs/1.json": _export(legs=legs)}


def _conversations() -> Files:
    """Conversations of Intercom that are answered, closed, rated or written anew later."""
    began, later, latest = 1769940000, 1772704800, 1772708400
    conversation = {"created_at": began, "updated_at": began, "state": "open", "source": {"type": "email"}}
    reply = {"id": "1", "part_type": "comment", "created_at": later, "author": {"type": "admin", "id": "1"}}
    statistics = {"first_admin_reply_at": later, "first_close_at": latest, "count_reopens": 0}
    rated = {"rating": 5, "created_at": later, "updated_at": later}
    conversations = [
        conversation | {"id": "4", "conversation_rating": rated},
        conversation | {"id": "1", "conversation_parts": {"conversation_parts": [reply]}},
        conversation | {"id": "2", "statistics": statistics},
        conversation | {"id": "3"},
        conversation | {"id": "3", "updated_at": latest, "state": "closed", "statistics": statistics},
    ]
    return {"intercom/conversations/1.json": _export(conversations=conversations)}


def _first_of_freshdesk() -> Files:
    """Tickets in a group, of an agent, with a reply to come, one made public later and one reopened later; lines of an
    agent by name, and of a reply 30 days after their ticket."""
    plain = {"status": 2, "source": 1, "created_at": OLD, "updated_at": OLD}
    reopened = {"resolved_at": "2026-02-01T11:00:00Z", "reopened_at": "2026-03-05T11:00:00Z"}
    told = ({"group_id": 7}, {"responder_id": 6}, {}, {}, {"stats": reopened})
    reply = {"incoming": False, "user_id": 6, "created_at": OLD, "updated_at": OLD}
    replies = [
        reply | {"id": 31, "ticket_id": 3, "created_at": "2026-03-04T10:00:00Z", "updated_at": "2026-03-04T10:00:00Z"},
        reply | {"id": 41, "ticket_id": 4, "private": True},
        reply | {"id": 41, "ticket_id": 4, "private": False, "updated_at": "2026-03-05T10:00:00Z"},
    ]
    lines = [f"6,{OLD},Open,Ann,", f"7,{OLD},Open,,720:00:00"]
    return {
        "freshdesk/tickets/1.json": json.dumps([plain | {"id": n} | what for n, what in enumerate(told, 1)]).encode(),
        "freshdesk/conversations/1.json": json.dumps(replies).encode(),
        "freshdesk/tickets_csv/1.csv": _csv(FRESHDESK_LINES, lines),
    }


def _others() -> Files:
    """Nothing of what stands in the first night's files."""
    tickets = [
        "neighbour,2026-02-04T10:00:00Z,2026-02-04T10:00:00Z,open,email,n@c.example,,",
        "phone_ticket,2026-02-05T10:00:00Z,2026-02-05T10:00:00Z,open,phone,,,",
        "by_mail_and_phone,2026-02-20T10:00:00Z,2026-02-20T10:00:00Z,open,email,l@c.example,+49 30 1111111,",
        "of_the_agent,2026-02-20T10:00:00Z,2026-02-20T10:00:00Z,open,email,x@c.example,,nobody.knows@shop.example",
    ]
    dated = {"created_at": OLD, "updated_at": OLD}
    users = [
        dated | {"id": 5, "role": "end-user", "email": "z@c.example"},
        dated | {"id": 6, "role": "agent", "email": ANN, "name": "Ann"},
    ]
    return {
        "generic/tickets/2.csv": _csv(TICKETS, tickets),
        "zendesk/groups/2.json": _export(groups=[dated | {"id": 7, "name": "Orders"}]),
        "zendesk/brands/2.json": _export(brands=[dated | {"id": 8, "name": "Beta"}]),
        "zendesk/users/2.json": _export(users=users),
        "freshdesk/groups/2.json": json.dumps([dated | {"id": 7, "name": "Orders"}]).encode(),
        "freshdesk/agents/2.json": json.dumps([dated | {"id": 6, "contact": {"name": "Ann", "email": ANN}}]).encode(),
    }


def _other_hours() -> Files:
    return {"zendesk/schedules/3.json": _schedule("2026-03-12T11:00:00Z", opens=10 * 60)}


def _schedule(updated_at: str, *, opens: int) -> bytes:
    """Every day from `opens` to 18:00."""
    intervals = [{"start_time": day * 1440 + opens, "end_time": day * 1440 + 1080} for day in range(7)]
    schedule = {"id": 9, "time_zone": "UTC", "intervals": intervals, "created_at": OLD, "updated_at": updated_at}
    return _export(schedules=[schedule])


def _export(**rows: list[dict]) -> bytes:
    return json.dumps(rows | {"end_of_stream": True}).encode()


def _csv(header: str, rows: list[str]) -> bytes:
    return "\n".join([header, *rows, ""]).encode()
