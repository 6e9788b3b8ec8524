"""Amazon Connect contact records: one JSON object per contact leg, re-sent after every change.

Belongs here: which raw field becomes which lake column. How legs make a customer's call is decided in staging.
"""

from __future__ import annotations

from ingestion.streams import Column, Source, Stream


def _attributes(source: Source) -> str:
    """SQL of a JSON object with the contact attributes that the configuration names, NULL without any.

    Attributes are free text of the contact flow and may hold a customer's data, so no other enters the lake.
    """
    if not source.field_ids:
        return "cast(null as varchar)"
    names = [name for name in source.field_ids if not set(name) & set("'\"")]
    pairs = ", ".join(f"'{name}', json_text(\"Attributes\", '$.\"{name}\"')" for name in names)
    return f"nullif(cast(json_merge_patch('{{}}', json_object({pairs})) as varchar), '{{}}')"


CONTACT_RECORDS = Stream(
    "amazon_connect",
    "contact_records",
    "json",
    key=("contact_id",),
    version="last_updated_at",
    columns=(
        Column("contact_id", expr='"ContactId"', required=True),
        Column("initial_contact_id", expr='"InitialContactId"'),
        Column("previous_contact_id", expr='"PreviousContactId"'),
        Column("next_contact_id", expr='"NextContactId"'),
        Column("related_contact_id", expr='"RelatedContactId"'),
        Column("channel", expr='"Channel"', required=True),
        Column("initiation_method", expr='"InitiationMethod"', required=True),
        Column("initiated_at", "instant", expr='"InitiationTimestamp"', required=True),
        Column("connected_to_system_at", "instant", expr='"ConnectedToSystemTimestamp"'),
        Column("disconnected_at", "instant", expr='"DisconnectTimestamp"'),
        Column("last_updated_at", "instant", expr='"LastUpdateTimestamp"', required=True),
        Column("disconnect_reason", expr='"DisconnectReason"'),
        Column("queue_name", expr="json_text(\"Queue\", '$.Name')"),
        Column("enqueued_at", "instant", expr="json_text(\"Queue\", '$.EnqueueTimestamp')"),
        Column("dequeued_at", "instant", expr="json_text(\"Queue\", '$.DequeueTimestamp')"),
        Column("queue_duration", "seconds", expr="json_text(\"Queue\", '$.Duration')"),
        Column("agent_username", expr="json_text(\"Agent\", '$.Username')"),
        Column("connected_to_agent_at", "instant", expr="json_text(\"Agent\", '$.ConnectedToAgentTimestamp')"),
        # The vendor's interaction time leaves hold out: handle time is the sum of the three.
        Column("interaction_seconds", "seconds", expr="json_text(\"Agent\", '$.AgentInteractionDuration')"),
        Column("hold_seconds", "seconds", expr="json_text(\"Agent\", '$.CustomerHoldDuration')"),
        Column("after_contact_work_seconds", "seconds", expr="json_text(\"Agent\", '$.AfterContactWorkDuration')"),
        Column("transfer_completed_at", "instant", expr='"TransferCompletedTimestamp"'),
        Column("scheduled_at", "instant", expr='"ScheduledTimestamp"'),
        Column(
            "is_transferred_external",
            "boolean",
            expr="cast(json_text(\"TransferredToEndpoint\", '$.Address') is not null as varchar)",
        ),
        Column("ticket_id", expr="json_text(\"Attributes\", '$.ticket_id')"),
        Column("fields", "json", expr=_attributes),
        Column("customer_phone", expr="json_text(\"CustomerEndpoint\", '$.Address')", person="phone"),
    ),
    fields=(
        "ContactId",
        "InitialContactId",
        "PreviousContactId",
        "NextContactId",
        "RelatedContactId",
        "Channel",
        "InitiationMethod",
        "InitiationTimestamp",
        "ConnectedToSystemTimestamp",
        "DisconnectTimestamp",
        "LastUpdateTimestamp",
        "DisconnectReason",
        "Queue",
        "Agent",
        "TransferCompletedTimestamp",
        "ScheduledTimestamp",
        "TransferredToEndpoint",
        "Attributes",
        "CustomerEndpoint",
    ),
    ignored=(
        "AWSAccountId",
        "AWSContactTraceRecordFormatVersion",
        "AgentConnectionAttempts",
        "Campaign",
        "AnsweringMachineDetectionStatus",
        "ContactDetails",
        "InstanceARN",
        "MediaStreams",
        "Recording",
        "Recordings",
        "References",
        "SystemEndpoint",
        "VoiceIdResult",
        "Tags",
        "SegmentAttributes",
        "QualityMetrics",
        "CustomerVoiceActivity",
        "AdditionalEmailRecipients",
        "ContactEvaluations",
        "ContactLens",
        "DisconnectDetails",
        "RoutingCriteria",
        "GlobalResiliencyMetadata",
        "ChatMetrics",
        "TaskTemplateInfo",
        "StateTransitions",
        "OutboundStrategy",
    ),
    rules=(
        ("connected_to_agent_at < enqueued_at", "connected to an agent before the queue entry"),
        ("dequeued_at < enqueued_at", "dequeued before the queue entry"),
        ("disconnected_at < enqueued_at", "disconnected before the queue entry"),
        ("disconnected_at < connected_to_agent_at", "disconnected before connected to an agent"),
    ),
)

STREAMS = (CONTACT_RECORDS,)
