"""Amazon Connect's agent event stream: one JSON object per event, with what the agent is doing after it.

Belongs here: which raw field becomes which lake column. How events make intervals is decided in staging.
"""

from __future__ import annotations

from ingestion.streams import Column, Stream


def _since(*states: str) -> str:
    """SQL of the earliest instant since when one of the agent's contacts is in one of these states."""
    listed = ", ".join(f"'{state}'" for state in states)
    contacts = "from_json(json_extract(CurrentAgentSnapshot, '$.Contacts'), '[\"JSON\"]')"
    those = f"list_filter({contacts}, lambda one: json_extract_string(one, '$.State') IN ({listed}))"
    instants = f"list_transform({those}, lambda one: json_extract_string(one, '$.StateStartTimestamp'))"
    return f"CASE WHEN json_valid(CurrentAgentSnapshot) THEN list_min({instants}) END"


AGENT_EVENTS = Stream(
    "amazon_connect",
    "agent_events",
    "json",
    key=("event_id",),
    columns=(
        Column("event_id", expr='"EventId"', required=True),
        Column("event_type", expr='"EventType"', required=True),
        Column("event_at", "instant", expr='"EventTimestamp"', required=True),
        Column("agent_username", expr="json_text(\"CurrentAgentSnapshot\", '$.Configuration.Username')"),
        Column("previous_username", expr="json_text(\"PreviousAgentSnapshot\", '$.Configuration.Username')"),
        Column("status", expr="json_text(\"CurrentAgentSnapshot\", '$.AgentStatus.Name')"),
        Column("status_at", "instant", expr="json_text(\"CurrentAgentSnapshot\", '$.AgentStatus.StartTimestamp')"),
        Column("on_contact_since", "instant", expr=_since("CONNECTED", "CONNECTED_ONHOLD")),
        Column("after_contact_since", "instant", expr=_since("ENDED")),
    ),
    fields=("EventId", "EventType", "EventTimestamp", "CurrentAgentSnapshot", "PreviousAgentSnapshot"),
    ignored=("AWSAccountId", "AgentARN", "InstanceARN", "Version"),
    rules=(("agent_username IS NULL AND previous_username IS NULL", "no agent"),),
)

STREAMS = (AGENT_EVENTS,)
