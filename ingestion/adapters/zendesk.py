"""Zendesk Support exports: tickets, their events and their metrics.

Belongs here: which raw field becomes which lake column. What a ticket or a reply *means* is decided in staging; people,
settings and ratings stand in zendesk_directory.py. Subjects and bodies of customers are read for `text` rules only and
never stored, their addresses and numbers are hashed.
"""

from __future__ import annotations

from ingestion.adapters.text_rules import text_match
from ingestion.adapters.zendesk_fields import LINKS, channel_sql, chosen_fields_sql, joined_list_sql
from ingestion.streams import Column, Source, Stream

#: `archived` and `scrubbed` come from the events API only.
STATUSES = ("new", "open", "pending", "hold", "solved", "closed", "deleted", "archived", "scrubbed")


def _metric_columns(read) -> tuple[Column, ...]:
    """The vendor's own metrics; `read(path)` gives the SQL that finds a JSON path in the raw row."""
    minutes = (
        ("reply", "reply_time_in_minutes"),
        ("first_resolution", "first_resolution_time_in_minutes"),
        ("full_resolution", "full_resolution_time_in_minutes"),
    )
    clocks = tuple(
        Column(f"metric_{name}_{clock}_minutes", "integer", expr=read(f"{field}.{clock}"))
        for name, field in minutes
        for clock in ("calendar", "business")
    )
    return (
        *clocks[:2],
        Column("metric_reply_seconds", "integer", expr=read("reply_time_in_seconds.calendar")),
        *clocks[2:],
        Column("metric_solved_at", "instant", expr=read("solved_at")),
        Column("metric_reopens", "integer", expr=read("reopens")),
        Column("metric_replies", "integer", expr=read("replies")),
    )


def _in_metric_set(path: str) -> str:
    return f"json_text(metric_set, '$.{path}')"


def _in_record(path: str) -> str:
    field, _, inner = path.partition(".")
    return f"json_text({field}, '$.{inner}')" if inner else field


def _changed(field: str, previous: bool = False) -> str:
    """SQL of the (previous) value a child event gives `field`, whichever of the two spellings the export uses."""
    kind = "coalesce(json_text(child, '$.event_type'), json_text(child, '$.type'))"
    bare = f"{kind} in ('Create', 'Change') and json_text(child, '$.{field}') is not null"
    named = f"json_text(child, '$.field_name') = '{field}'"
    if previous:
        return f"case when ({bare}) or {named} then json_text(child, '$.previous_value') end"
    return f"case when {bare} then json_text(child, '$.{field}') when {named} then json_text(child, '$.value') end"


def _ticket_fields(source: Source) -> str:
    return chosen_fields_sql("coalesce(custom_fields, fields)", source.field_ids)


TICKETS = Stream(
    "zendesk",
    "tickets",
    "json",
    container="tickets",
    key=("ticket_id",),
    version="generated_at",
    columns=(
        Column("ticket_id", expr="id", required=True),
        Column("created_at", "instant", required=True),
        Column("updated_at", "instant", required=True),
        # The account dump has no generated_timestamp; what it says was so when the ticket was last updated.
        Column(
            "generated_at",
            "epoch",
            required=True,
            expr="coalesce(generated_timestamp, "
            "cast(cast(epoch(try_cast(updated_at as timestamptz)) as bigint) as varchar))",
        ),
        Column("status", required=True, allowed=STATUSES),
        Column("via_channel", expr=channel_sql("via")),
        Column("via_rel", expr="json_text(via, '$.source.rel')"),
        Column("recipient", expr="lower(recipient)"),
        Column("via_from_email", expr="json_text(via, '$.source.from.address')", person="email"),
        Column("via_from_phone", expr="json_text(via, '$.source.from.phone')", person="phone"),
        Column("requester_id"),
        Column("submitter_id"),
        Column("assignee_id"),
        Column("group_id"),
        Column("brand_id"),
        Column("priority"),
        Column("type"),
        Column("tags", expr=joined_list_sql("tags")),
        Column("fields", "json", expr=_ticket_fields),
        Column("is_public", "boolean"),
        *_metric_columns(_in_metric_set),
        Column("text_match", "exact", expr=text_match("subject", "description")),
    ),
    free_text=("subject", "description"),
    fields=("id", "generated_timestamp", "via", "recipient", "tags", "custom_fields", "fields", "metric_set"),
    ignored=(
        *LINKS,
        "raw_subject",
        "comments",
        "organization_id",
        "collaborator_ids",
        "follower_ids",
        "email_cc_ids",
        "forum_topic_id",
        "problem_id",
        "has_incidents",
        "due_at",
        "sharing_agreement_ids",
        "custom_status_id",
        "followup_ids",
        "ticket_form_id",
        "allow_channelback",
        "satisfaction_rating",
        "allow_attachments",
        "from_messaging_channel",
        "encoded_id",
        "support_type",
        "result_type",
        "is_deleted",
    ),
)


TICKET_METRICS = Stream(
    "zendesk",
    "ticket_metrics",
    "json",
    container="ticket_metrics",
    key=("ticket_id",),
    version="updated_at",
    columns=(
        Column("ticket_id", required=True),
        Column("created_at", "instant"),
        Column("updated_at", "instant", required=True),
        *_metric_columns(_in_record),
    ),
    fields=(
        "reply_time_in_minutes",
        "reply_time_in_seconds",
        "first_resolution_time_in_minutes",
        "full_resolution_time_in_minutes",
        "solved_at",
        "reopens",
        "replies",
    ),
    ignored=(
        "id",
        *LINKS,
        "agent_wait_time_in_minutes",
        "requester_wait_time_in_minutes",
        "on_hold_time_in_minutes",
        "assignee_stations",
        "group_stations",
        "assigned_at",
        "initially_assigned_at",
        "status_updated_at",
        "latest_comment_added_at",
        "requester_updated_at",
        "assignee_updated_at",
        "custom_status_updated_at",
    ),
)

TICKET_EVENTS = Stream(
    "zendesk",
    "ticket_events",
    "json",
    container="ticket_events",
    unnest="child_events",
    key=("event_id",),
    columns=(
        Column("event_id", expr="json_text(child, '$.id')", required=True),
        Column("audit_id", expr="id"),
        Column("ticket_id", required=True),
        Column(
            "created_at",
            "instant",
            required=True,
            expr="""coalesce(json_text(child, '$.created_at'), created_at,
                   strftime(make_timestamp(try_cast("timestamp" as bigint) * 1000000), '%Y-%m-%dT%H:%M:%SZ'))""",
        ),
        Column("updater_id"),
        Column("kind", expr="coalesce(json_text(child, '$.event_type'), json_text(child, '$.type'))", required=True),
        Column("author_id", expr="json_text(child, '$.author_id')"),
        Column("is_public", "boolean", expr="json_text(child, '$.public')"),
        Column("via_channel", expr=channel_sql("json_text(child, '$.via')", "via")),
        Column("status", expr=_changed("status"), allowed=STATUSES),
        Column("previous_status", expr=_changed("status", previous=True)),
        *(
            column
            for field in ("group_id", "assignee_id")
            for column in (
                Column(field, expr=_changed(field)),
                Column(f"previous_{field}", expr=_changed(field, previous=True)),
            )
        ),
        Column("text_match", "exact", expr=text_match("json_text(child, '$.body')")),
    ),
    fields=("id", "created_at", "timestamp", "via"),
    ignored=("event_type", "via_reference_id", "system", "metadata", "merged_ticket_ids"),
)

STREAMS = (TICKETS, TICKET_METRICS, TICKET_EVENTS)
