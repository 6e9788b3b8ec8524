"""Freshdesk's hand-made CSV export of tickets: columns as somebody ticked them, spelt now so, now so.

Belongs here: which raw column becomes which lake column. The same tickets come as API pages (freshdesk.py); staging
makes one ticket of both. Times are naive, in the zone of the account.
"""

from __future__ import annotations

from ingestion.adapters.freshdesk_fields import (
    PRIORITY_NAMES,
    SOURCE_NAMES,
    STATUS_NAMES,
    chosen_fields_sql,
    named_sql,
    seconds_sql,
)
from ingestion.adapters.text_rules import text_match
from ingestion.streams import Column, Stream

TICKETS_CSV = Stream(
    "freshdesk",
    "tickets_csv",
    "csv",
    is_loose=True,
    key=("ticket_id",),
    version="updated_at",
    columns=(
        Column("ticket_id", expr='"Ticket ID"', required=True),
        Column("created_at", "instant", expr='"Created time"', required=True),
        Column("updated_at", "instant", expr='"Last update time"'),
        Column("status", expr=named_sql('"Status"', STATUS_NAMES), required=True),
        Column("via", expr=named_sql('"Source"', SOURCE_NAMES)),
        Column("priority", expr=named_sql('"Priority"', PRIORITY_NAMES)),
        Column("type", expr='"Type"'),
        Column("requester_id", expr='"Contact ID"'),
        Column("requester_email", expr='"Email"', person="email"),
        Column(
            "requester_phone",
            expr='coalesce(nullif(trim("Mobile phone"), \'\'), "Work phone")',
            person="phone",
        ),
        Column("agent_name", expr="nullif(trim(\"Agent\"), 'No Agent')"),
        Column("group_name", expr="nullif(trim(\"Group\"), 'No Group')"),
        Column("product_name", expr="nullif(trim(\"Product\"), 'No Product')"),
        Column("tags", expr="regexp_replace(\"Tags\", '\\s*,\\s*', ';', 'g')"),
        Column("fields", "json", expr=lambda source: chosen_fields_sql("_record", source.field_ids)),
        Column("first_responded_at", "instant", expr='"Initial response time"'),
        Column("resolved_at", "instant", expr='"Resolved time"'),
        Column("closed_at", "instant", expr='"Closed time"'),
        Column("metric_first_response_seconds", "seconds", expr=seconds_sql('"First response time (in hrs)"')),
        Column("metric_resolution_seconds", "seconds", expr=seconds_sql('"Resolution time (in hrs)"')),
        Column("metric_agent_interactions", "integer", expr='"Agent interactions"'),
        Column("metric_customer_interactions", "integer", expr='"Customer interactions"'),
        Column("metric_first_response_status", expr='"First response status"'),
        Column("metric_resolution_status", expr='"Resolution status"'),
        Column("text_match", "exact", expr=text_match('"Subject"', '"Description"')),
    ),
    rules=(("metric_agent_interactions < 0 OR metric_customer_interactions < 0", "negative count"),),
    free_text=("Subject", "Description"),
    required_fields=("Ticket ID", "Created time", "Status"),
    fields=(
        *("Ticket ID", "Created time", "Last update time", "Status", "Source", "Priority", "Type", "Contact ID"),
        *("Email", "Mobile phone", "Work phone", "Agent", "Group", "Product", "Tags", "Initial response time"),
        *("Resolved time", "Closed time", "First response time (in hrs)", "Resolution time (in hrs)"),
        *("Agent interactions", "Customer interactions", "First response status", "Resolution status", "_record"),
    ),
    ignored=(
        *("Due by Time", "Time tracked", "Survey results", "Every response status", "Association type"),
        *("Internal agent", "Internal group", "Full name", "Title", "Twitter ID", "Time zone", "Language"),
        *("Unique external ID", "Facebook ID", "Contact", "Company name", "Company", "Company domains"),
        *("Health score", "Account tier", "Renewal date", "Industry", "Linked ticket ID", "About"),
    ),
)

STREAMS = (TICKETS_CSV,)
