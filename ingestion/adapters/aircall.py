"""Aircall calls: pages of the API, instants in seconds since 1970.

Belongs here: which raw field becomes which lake column. What became of a call, and when its caller entered the queue,
is decided in staging. A call says nothing of when it changed: of two versions the one that was loaded later counts.
"""

from __future__ import annotations

from ingestion.streams import Column, Stream


def _id(text: str) -> str:
    """SQL of an id, which some dumps write as a float."""
    return f"regexp_replace({text}, '[.]0+$', '')"


def _is_list(field: str) -> str:
    return f"json_valid({field}) and json_type({field}::JSON) = 'ARRAY'"


def _names(field: str) -> str:
    """SQL of the names in a list of objects, in its order, parted by semicolons; null for an empty list."""
    names = f'list_transform(from_json({field}::JSON, \'[{{"name": "VARCHAR"}}]\'), lambda one: one.name)'
    return f"case when {_is_list(field)} then nullif(array_to_string({names}, ';'), '') end"


def _only_name(field: str) -> str:
    """SQL of the name in a list of one object, null for a longer list: nothing says which of them it was."""
    is_one = f"{_is_list(field)} and json_array_length({field}::JSON) = 1"
    return f"case when {is_one} then json_text({field}, '$[0].name') end"


CALLS = Stream(
    "aircall",
    "calls",
    "json",
    container="calls",
    key=("call_id",),
    columns=(
        Column("call_id", expr=_id("id"), required=True),
        Column("direction", required=True),
        Column("status"),
        Column("started_at", "epoch", required=True),
        Column("answered_at", "epoch"),
        Column("ended_at", "epoch"),
        Column("missed_call_reason"),
        Column("caller_phone", expr="raw_digits", person="phone"),
        Column("agent_id", expr=_id("json_text(\"user\", '$.id')")),
        Column("agent_email", "email", expr="json_text(\"user\", '$.email')"),
        Column("agent_name", expr="json_text(\"user\", '$.name')"),
        Column("line", expr="json_text(\"number\", '$.name')"),
        Column("has_menu", "boolean", expr="json_text(\"number\", '$.is_ivr')"),
        Column("team", expr=_only_name("teams")),
        Column("tags", expr=_names("tags")),
        Column("is_transferred", "boolean", expr="cast(transferred_to is not null as varchar)"),
        Column("is_voicemail", "boolean", expr="cast(voicemail is not null as varchar)"),
    ),
    fields=("id", "raw_digits", "user", "number", "teams", "tags", "transferred_to", "voicemail"),
    ignored=(
        "sid", "call_uuid", "direct_link", "duration", "cost", "price_details", "hangup_cause", "pricing_type",
        "country_code_a2", "archived", "asset", "recording", "recording_short_url", "voicemail_short_url", "comments",
        "contact", "assigned_to", "transferred_by", "external_transferred_to", "external_caller_number",
        "participants", "ivr_options", "ivr_options_selected",
    ),
    rules=(
        ("answered_at < started_at", "answered before it began"),
        ("ended_at < coalesce(answered_at, started_at)", "ended before it was answered or began"),
    ),
)  # fmt: skip

STREAMS = (CALLS,)
