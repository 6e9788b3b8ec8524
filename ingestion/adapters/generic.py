"""The canonical CSV streams, for every tool without an adapter of its own: what all other adapters map to.

Here stand help desk and calls; voice, workforce and sales have modules of their own. Columns and allowed values are the
outer contract's; a change here is a change of it. Who is known as an agent keeps the e-mail and has its key beside it,
so that a status change, whose actor may as well be a customer, can be given to an agent without storing an address.
"""

from __future__ import annotations

from ingestion.adapters.text_rules import text_match
from ingestion.streams import Column, Stream

TICKET_STATUSES = ("new", "open", "pending", "hold", "solved", "closed", "deleted", "spam", "merged")

CALL_STAGES = ("greeting", "ivr", "queue", "agent")
CALL_OUTCOMES = (
    *("answered", "abandoned", "timeout", "overflow", "voicemail", "callback_requested"),
    *("join_empty", "leave_empty", "closed", "failed"),
)

_AGENT_AUTHOR = "CASE WHEN trim(author_type) = 'agent' THEN author_email END"

TICKETS = Stream(
    "generic",
    "tickets",
    "csv",
    key=("ticket_id",),
    version="updated_at",
    free_text=("subject", "description", "body"),
    columns=(
        Column("ticket_id", required=True),
        Column("created_at", "instant", required=True),
        Column("updated_at", "instant", required=True),
        Column("status", required=True, allowed=TICKET_STATUSES),
        Column("channel", required=True),
        Column("subject_type"),
        Column("priority"),
        Column("brand"),
        Column("team"),
        Column("assignee_email", "email"),
        Column("assignee_email", person="email"),
        Column("requester_email", person="email"),
        Column("requester_phone", person="phone"),
        Column("created_by", allowed=("customer", "agent")),
        Column("issue_type"),
        Column("issue_category"),
        Column("product"),
        Column("tags"),
        Column("complexity"),
        Column("order_id"),
        Column("escalated_at", "instant"),
        Column("escalation_reason"),
        Column("first_replied_at", "instant"),
        Column("first_solved_at", "instant"),
        Column("solved_at", "instant"),
        Column("reopens", "integer"),
        Column("public_replies", "integer"),
        Column("text_match", "exact", expr=text_match("subject", "description", "body")),
    ),
    rules=(("reopens < 0 OR public_replies < 0", "negative count"),),
)

TICKET_STATUS_CHANGES = Stream(
    "generic",
    "ticket_status_changes",
    "csv",
    key=("ticket_id", "changed_at", "status"),
    version="updated_at",
    columns=(
        Column("ticket_id", required=True),
        Column("changed_at", "instant", required=True),
        Column("status", required=True, allowed=TICKET_STATUSES),
        Column("actor_email", person="email"),
        Column("updated_at", "instant"),
    ),
)

MESSAGES = Stream(
    "generic",
    "messages",
    "csv",
    key=("message_id",),
    version="updated_at",
    fields=("author_email",),
    free_text=("subject", "body"),
    columns=(
        Column("message_id", required=True),
        Column("ticket_id", required=True),
        Column("sent_at", "instant", required=True),
        Column("author_type", required=True, allowed=("customer", "agent", "bot")),
        Column("is_public", "boolean", required=True),
        # A customer's address under author_email is nobody's employee's: it is not stored.
        Column("author_email", "email", expr=_AGENT_AUTHOR),
        Column("author_email", expr=_AGENT_AUTHOR, person="email"),
        Column("team"),
        Column("resource_used"),
        Column("text_match", "exact", expr=text_match("subject", "body")),
        Column("updated_at", "instant"),
    ),
)

CALLS = Stream(
    "generic",
    "calls",
    "csv",
    key=("call_id",),
    version="updated_at",
    columns=(
        Column("call_id", required=True),
        Column("arrived_at", "instant", required=True),
        Column("direction", required=True, allowed=("inbound", "outbound")),
        Column("outcome", required=True),
        Column("stage_reached", required=True, may_be_blank=True, allowed=CALL_STAGES),
        Column("queue"),
        Column("team"),
        Column("queued_at", "instant"),
        Column("answered_at", "instant"),
        Column("ended_at", "instant"),
        Column("talk_seconds", "seconds"),
        Column("hold_seconds", "seconds"),
        Column("wrap_up_seconds", "seconds"),
        Column("agent_email", "email"),
        Column("agent_email", person="email"),
        Column("caller_phone", person="phone"),
        Column("customer_email", person="email"),
        Column("ticket_id"),
        Column("disposition"),
        Column("disposition_class", allowed=("resolved", "unresolved", "follow_up")),
        Column("issue_type"),
        Column("issue_category"),
        Column("transferred_to_team"),
        Column("escalated", "boolean"),
        Column("escalation_reason"),
        Column("updated_at", "instant"),
    ),
    rules=(
        # What an outbound call came to is counted nowhere; only its instants and durations are.
        (f"direction = 'inbound' AND outcome NOT IN {CALL_OUTCOMES}", "unknown value in outcome"),
        ("direction = 'inbound' AND stage_reached IS NULL AND outcome <> 'closed'", "missing stage_reached"),
        ("ended_at < answered_at", "ended_at before answered_at"),
        ("answered_at < queued_at", "answered_at before queued_at"),
        ("ended_at < queued_at", "ended_at before queued_at"),
    ),
)

STREAMS = (TICKETS, TICKET_STATUS_CHANGES, MESSAGES, CALLS)
