"""Zendesk Talk's incremental exports: calls and their legs. Durations are whole seconds.

Belongs here: which raw field becomes which lake column. What became of a call, and when its caller entered the queue,
is decided in staging. Ids of agents, groups, customers and tickets are those of the `zendesk` source.
"""

from __future__ import annotations

from ingestion.streams import Column, Stream


def _id(name: str) -> Column:
    """Talk writes 0 as well as null for nobody."""
    return Column(name, expr=f"nullif({name}, '0')")


CALLS = Stream(
    "zendesk_talk",
    "calls",
    "json",
    container="calls",
    key=("call_id",),
    version="updated_at",
    columns=(
        Column("call_id", expr="id", required=True),
        Column("created_at", "instant", required=True),
        Column("updated_at", "instant", required=True),
        Column("direction"),
        Column("completion_status"),
        _id("ticket_id"),
        _id("agent_id"),
        _id("customer_id"),
        _id("call_group_id"),
        Column("duration", "seconds"),
        Column("wait_time", "seconds"),
        Column("time_to_answer", "seconds"),
        Column("talk_time", "seconds"),
        Column("hold_time", "seconds"),
        Column("wrap_up_time", "seconds"),
        Column("ivr_time_spent", "seconds"),
        Column("ivr_destination_group_name"),
        Column("is_voicemail", "boolean", expr="voicemail"),
        Column("is_callback", "boolean", expr="callback"),
        Column("is_overflowed", "boolean", expr="overflowed"),
        Column("is_outside_business_hours", "boolean", expr="outside_business_hours"),
        Column("is_queue_wait_exceeded", "boolean", expr="coalesce(exceeded_queue_wait_time, exceeded_queue_time)"),
    ),
    fields=(
        "id",
        "ticket_id",
        "agent_id",
        "customer_id",
        "call_group_id",
        "voicemail",
        "callback",
        "overflowed",
        "outside_business_hours",
        "exceeded_queue_wait_time",
        "exceeded_queue_time",
    ),
    ignored=(
        "url",
        "phone_number",
        "phone_number_id",
        "consultation_time",
        "customer_requested_voicemail",
        "callback_source",
        "default_group",
        "overflowed_to",
        "ivr_hops",
        "ivr_action",
        "ivr_routed_to",
        "call_charge",
        "call_channel",
        "minutes_billed",
        "quality_issues",
        "not_recording_time",
        "recording_time",
        "recording_control_interactions",
        "call_recording_consent",
        "call_recording_consent_action",
        "call_recording_consent_keypress",
        "line",
        "line_id",
        "line_type",
    ),
    # An answer to a callback is counted from the first call, its duration from the second.
    rules=(("duration < time_to_answer and not coalesce(is_callback, false)", "ended before answered"),),
)

LEGS = Stream(
    "zendesk_talk",
    "legs",
    "json",
    container="legs",
    key=("leg_id",),
    version="updated_at",
    columns=(
        Column("leg_id", expr="id", required=True),
        Column("call_id", required=True),
        Column("created_at", "instant", required=True),
        Column("updated_at", "instant", required=True),
        Column("type"),
        Column("completion_status"),
        _id("agent_id"),
        Column("talk_time", "seconds"),
        Column("hold_time", "seconds"),
        Column("wrap_up_time", "seconds"),
        Column(
            "is_transferred",
            "boolean",
            expr="cast(coalesce(nullif(transferred_from, '0'), nullif(transferred_to, '0')) is not null as varchar)",
        ),
    ),
    fields=("id", "agent_id", "transferred_from", "transferred_to"),
    ignored=(
        "url",
        "user_id",
        "duration",
        "available_via",
        "forwarded_to",
        "consultation_time",
        "consultation_from",
        "consultation_to",
        "conference_time",
        "conference_from",
        "conference_to",
        "call_charge",
        "minutes_billed",
        "quality_issues",
    ),
)

STREAMS = (CALLS, LEGS)
