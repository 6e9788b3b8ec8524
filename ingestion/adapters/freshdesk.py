"""Freshdesk's API pages, bare arrays: tickets with `stats` and `requester` beside them, their conversations, what
customers rated, agents and groups.

Belongs here: which raw field becomes which lake column. What a ticket or a conversation *means* is decided in staging;
the CSV export stands in freshdesk_csv.py. Subjects, bodies and feedback are read for `text` rules only and never
stored, customers' addresses and numbers are hashed; agents keep name and e-mail.
"""

from __future__ import annotations

from ingestion.adapters.freshdesk_fields import (
    PRIORITY_NAMES,
    SOURCE_NAMES,
    STATUS_NAMES,
    chosen_fields_sql,
    named_sql,
)
from ingestion.adapters.text_rules import text_match
from ingestion.adapters.zendesk_fields import joined_list_sql
from ingestion.streams import Column, Stream

_AGENT_EMAIL = "json_text(contact, '$.email')"

TICKETS = Stream(
    "freshdesk",
    "tickets",
    "json",
    key=("ticket_id",),
    version="updated_at",
    columns=(
        Column("ticket_id", expr="id", required=True),
        Column("created_at", "instant", required=True),
        Column("updated_at", "instant", required=True),
        Column("status", expr=named_sql("status", STATUS_NAMES), required=True),
        Column("via", expr=named_sql("source", SOURCE_NAMES)),
        Column("priority", expr=named_sql("priority", PRIORITY_NAMES)),
        Column("type"),
        Column("requester_id"),
        Column("requester_email", expr="json_text(requester, '$.email')", person="email"),
        Column(
            "requester_phone",
            expr="coalesce(json_text(requester, '$.mobile'), json_text(requester, '$.phone'))",
            person="phone",
        ),
        Column("responder_id"),
        Column("group_id"),
        Column("product_id"),
        Column("support_email", expr="lower(support_email)"),
        Column("tags", expr=joined_list_sql("tags")),
        Column("fields", "json", expr=lambda source: chosen_fields_sql("custom_fields", source.field_ids)),
        Column("is_spam", "boolean", expr="spam"),
        Column("is_deleted", "boolean", expr="deleted"),
        Column("metric_first_responded_at", "instant", expr="json_text(stats, '$.first_responded_at')"),
        Column("metric_status_updated_at", "instant", expr="json_text(stats, '$.status_updated_at')"),
        Column("metric_reopened_at", "instant", expr="json_text(stats, '$.reopened_at')"),
        Column("metric_resolved_at", "instant", expr="json_text(stats, '$.resolved_at')"),
        Column("metric_closed_at", "instant", expr="json_text(stats, '$.closed_at')"),
        # Whether a null above says that it never happened: not every export tells of it.
        Column("metric_tells_reopened", "boolean", expr="cast(contains(stats, '\"reopened_at\"') as varchar)"),
        Column("metric_is_escalated", "boolean", expr="is_escalated"),
        Column("metric_fr_escalated", "boolean", expr="fr_escalated"),
        Column("metric_nr_escalated", "boolean", expr="nr_escalated"),
        Column("text_match", "exact", expr=text_match("subject", "coalesce(description_text, description)")),
    ),
    free_text=("subject", "description", "description_text"),
    fields=(
        *("id", "status", "source", "priority", "support_email", "requester", "tags", "custom_fields"),
        *("spam", "deleted", "stats"),
        *("is_escalated", "fr_escalated", "nr_escalated"),
    ),
    ignored=(
        *("cc_emails", "fwd_emails", "reply_cc_emails", "ticket_cc_emails", "to_emails", "ticket_bcc_emails"),
        *("due_by", "fr_due_by", "nr_due_by", "company_id", "company", "email_config_id", "association_type"),
        *("associated_tickets_count", "associated_tickets_list", "attachments", "conversations", "form_id"),
        *("internal_agent_id", "internal_group_id", "sentiment_score", "initial_sentiment_score", "parent_id"),
        *("structured_description", "source_additional_info", "twitter_id", "facebook_id", "email", "phone", "name"),
    ),
)

CONVERSATIONS = Stream(
    "freshdesk",
    "conversations",
    "json",
    key=("conversation_id",),
    version="updated_at",
    columns=(
        Column("conversation_id", expr="id", required=True),
        Column("ticket_id", required=True),
        Column("created_at", "instant", required=True),
        Column("updated_at", "instant"),
        Column("user_id"),
        Column("is_incoming", "boolean", expr="incoming", required=True),
        Column("is_private", "boolean", expr="private"),
        Column("source"),
        Column("category"),
        Column("automation_id"),
        Column("is_auto_response", "boolean", expr="auto_response"),
        Column("text_match", "exact", expr=text_match("coalesce(body_text, body)")),
    ),
    free_text=("body", "body_text"),
    fields=("id", "incoming", "private", "auto_response"),
    ignored=(
        *("support_email", "to_emails", "from_email", "cc_emails", "bcc_emails", "attachments", "thread_id"),
        *("thread_message_id", "last_edited_at", "last_edited_user_id", "automation_type_id", "email_failure_count"),
        *("outgoing_failures", "source_additional_info", "replied_to", "fr_escalated", "cloud_files"),
    ),
)

SATISFACTION_RATINGS = Stream(
    "freshdesk",
    "satisfaction_ratings",
    "json",
    key=("rating_id",),
    version="updated_at",
    columns=(
        Column("rating_id", expr="id", required=True),
        Column("survey_id"),
        Column("ticket_id"),
        Column("agent_id"),
        Column("group_id"),
        Column("user_id"),
        Column("created_at", "instant", required=True),
        Column("updated_at", "instant", required=True),
        Column("rating", expr="json_text(ratings, '$.default_question')"),
        Column("ratings", "json"),
        Column("comment_length", "integer", expr="cast(coalesce(length(trim(feedback)), 0) as varchar)"),
        Column("text_match", "exact", expr=text_match("feedback")),
    ),
    fields=("id", "feedback"),
)

AGENTS = Stream(
    "freshdesk",
    "agents",
    "json",
    key=("agent_id",),
    version="updated_at",
    columns=(
        Column("agent_id", expr="id", required=True),
        Column("created_at", "instant"),
        Column("updated_at", "instant"),
        Column("agent_name", expr="json_text(contact, '$.name')"),
        Column("agent_email", "email", expr=_AGENT_EMAIL),
        Column("agent_email", expr=_AGENT_EMAIL, person="email"),
    ),
    fields=("id", "contact"),
    ignored=(
        *("available", "available_since", "occasional", "ticket_scope", "last_active_at", "type", "signature"),
        *("group_ids", "role_ids", "skill_ids", "focus_mode", "deactivated", "agent_level_id", "level", "points"),
        *("agent_type", "freshchat_agent", "freshcaller_agent", "contribution_group_ids", "shift_id", "availability"),
        *("org_agent_id", "agent_operational_status", "gdpr_deleted", "scope", "org_contribution_group_ids"),
    ),
)

GROUPS = Stream(
    "freshdesk",
    "groups",
    "json",
    key=("group_id",),
    version="updated_at",
    columns=(
        Column("group_id", expr="id", required=True),
        Column("name", required=True),
        Column("created_at", "instant"),
        Column("updated_at", "instant"),
    ),
    fields=("id",),
    ignored=(
        *("description", "escalate_to", "unassigned_for", "business_hour_id", "group_type", "auto_ticket_assign"),
        *("agent_ids", "agent_availability_status", "auto_agent_reassign", "allow_agents_to_change_availability"),
        *("automatic_agent_assignment",),
    ),
)

STREAMS = (TICKETS, CONVERSATIONS, SATISFACTION_RATINGS, AGENTS, GROUPS)
