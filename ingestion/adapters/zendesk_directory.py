"""Zendesk's people and settings: users, groups, brands, schedules, holidays, and what customers rated.

Belongs here: which raw field becomes which lake column. Tickets and their events stand in zendesk.py. Customers' names
are listed as ignored, their addresses and numbers hashed; agents keep name and e-mail. What a customer wrote with a
rating is measured and matched, never stored.
"""

from __future__ import annotations

from ingestion.adapters.rails_zones import iana_zone_sql
from ingestion.adapters.text_rules import text_match
from ingestion.adapters.zendesk_fields import LINKS
from ingestion.streams import Column, Stream

_AGENT = "role in ('agent', 'admin')"

SATISFACTION_RATINGS = Stream(
    "zendesk",
    "satisfaction_ratings",
    "json",
    container="satisfaction_ratings",
    key=("rating_id",),
    version="updated_at",
    columns=(
        Column("rating_id", expr="id", required=True),
        Column("ticket_id"),
        Column("assignee_id"),
        Column("group_id"),
        Column("requester_id"),
        Column("score", required=True, allowed=("offered", "unoffered", "good", "bad")),
        # A rating without words has said none: that is known, and zero.
        Column("comment_length", "integer", expr="length(trim(coalesce(comment, '')))"),
        Column("created_at", "instant", required=True),
        Column("updated_at", "instant", required=True),
        Column("text_match", "exact", expr=text_match("comment")),
    ),
    free_text=("comment",),
    fields=("id", "comment"),
    ignored=(*LINKS, "comment_id", "reason", "reason_id", "reason_code"),
)

USERS = Stream(
    "zendesk",
    "users",
    "json",
    container="users",
    key=("user_id",),
    version="updated_at",
    columns=(
        Column("user_id", expr="id", required=True),
        Column("created_at", "instant"),
        Column("updated_at", "instant", required=True),
        Column("role", required=True),
        Column("is_active", "boolean", expr="active"),
        Column("agent_email", expr=f"case when {_AGENT} then lower(email) end"),
        Column("agent_name", expr=f"case when {_AGENT} then name end"),
        Column("email", person="email"),
        Column("phone", person="phone"),
    ),
    fields=("id", "active", "name", "email", "phone"),
    ignored=(
        *LINKS,
        "time_zone",
        "iana_time_zone",
        "shared_phone_number",
        "photo",
        "locale_id",
        "locale",
        "organization_id",
        "verified",
        "tags",
        "alias",
        "shared",
        "shared_agent",
        "last_login_at",
        "two_factor_auth_enabled",
        "signature",
        "details",
        "notes",
        "role_type",
        "custom_role_id",
        "moderator",
        "ticket_restriction",
        "only_private_comments",
        "restricted_agent",
        "suspended",
        "default_group_id",
        "report_csv",
        "user_fields",
        "abilities",
        "remote_photo_url",
        "permanently_deleted",
        "chat_only",
    ),
)

GROUPS = Stream(
    "zendesk",
    "groups",
    "json",
    container="groups",
    key=("group_id",),
    version="updated_at",
    snapshot=True,
    columns=(
        Column("group_id", expr="id", required=True),
        Column("name", required=True),
        Column("created_at", "instant"),
        Column("updated_at", "instant"),
        Column("is_deleted", "boolean", expr="deleted"),
    ),
    fields=("id", "deleted"),
    ignored=(*LINKS, "description", "default", "is_public"),
)

BRANDS = Stream(
    "zendesk",
    "brands",
    "json",
    container="brands",
    key=("brand_id",),
    version="updated_at",
    snapshot=True,
    columns=(
        Column("brand_id", expr="id", required=True),
        Column("name", required=True),
        Column("created_at", "instant"),
        Column("updated_at", "instant"),
        Column("is_active", "boolean", expr="active"),
    ),
    fields=("id", "active"),
    ignored=(
        *LINKS,
        "subdomain",
        "host_mapping",
        "brand_url",
        "has_help_center",
        "help_center_state",
        "default",
        "is_deleted",
        "logo",
        "ticket_form_ids",
        "signature_template",
    ),
)

SCHEDULES = Stream(
    "zendesk",
    "schedules",
    "json",
    container="schedules",
    key=("schedule_id",),
    version="updated_at",
    snapshot=True,
    columns=(
        Column("schedule_id", expr="id", required=True),
        Column("name"),
        Column("time_zone", expr=iana_zone_sql("time_zone"), required=True),
        Column("intervals", "json"),
        Column("created_at", "instant"),
        Column("updated_at", "instant"),
    ),
    fields=("id", "time_zone"),
    ignored=LINKS,
    rules=(("time_zone not in (select name from pg_timezone_names())", "unknown time zone"),),
)

HOLIDAYS = Stream(
    "zendesk",
    "holidays",
    "json",
    container="holidays",
    key=("holiday_id",),
    snapshot=True,
    columns=(
        Column("holiday_id", expr="id", required=True),
        Column("schedule_id"),
        Column("name"),
        Column("start_date", "local_date", required=True),
        Column("end_date", "local_date", required=True),
    ),
    fields=("id",),
    ignored=LINKS,
    rules=(("end_date < start_date", "end_date before start_date"),),
)

STREAMS = (SATISFACTION_RATINGS, USERS, GROUPS, BRANDS, SCHEDULES, HOLIDAYS)
