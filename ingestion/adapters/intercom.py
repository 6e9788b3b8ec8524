"""Intercom's conversations, listed in pages or read one by one with their parts. Times are epoch seconds.

Belongs here: which raw field becomes which lake column. Which part is a reply and which a change of state is decided in
staging. Bodies, remarks and subjects are asked for `text` rules and whether there are any; addresses are hashed.
"""

from __future__ import annotations

from ingestion.adapters.attributes import chosen_attributes
from ingestion.adapters.text_rules import text_match
from ingestion.streams import Column, Source, Stream

#: Who writes as a customer.
_CUSTOMERS = "('user', 'lead', 'contact')"


def _items(field: str) -> str:
    """SQL of the JSON objects in the list that Intercom wraps into an object of the same name; NULL without a list."""
    listed = f"json_extract({field}, '$.{field}')"
    return (
        f"case when contains({field}, '[') and json_valid({field}) and json_type({listed}) = 'ARRAY' "
        f"then from_json({listed}, '[\"JSON\"]') end"
    )


def _id(name: str, path: str | None = None) -> Column:
    """Intercom writes ids as texts and as numbers, and 0 as well as null for nobody."""
    return Column(name, expr=f"nullif({path or name}, '0')")


def _statistic(name: str, type: str = "epoch") -> Column:
    return Column(name, type, expr=f"json_text(statistics, '$.{name}')")


def _parts(source: Source) -> str:
    """SQL of a JSON list of the parts, in their order, without a word of them; NULL where the record came without."""
    body = "json_extract_string(part, '$.body')"
    kept = {
        "id": "json_extract_string(part, '$.id')",
        "part_type": "json_extract_string(part, '$.part_type')",
        "author_type": "json_extract_string(part, '$.author.type')",
        "admin_id": "case when json_extract_string(part, '$.author.type') = 'admin' "
        "then json_extract_string(part, '$.author.id') end",
        "from_ai_agent": "try_cast(json_extract_string(part, '$.author.from_ai_agent') as boolean)",
        "created_at": "try_cast(json_extract_string(part, '$.created_at') as bigint)",
        "state": "json_extract_string(part, '$.state')",
        "has_body": f"coalesce({body}, '') <> ''",
        "text_match": text_match(body)(source),
    }
    struct = ", ".join(f"'{name}': {sql}" for name, sql in kept.items())
    return f"cast(to_json(list_transform({_items('conversation_parts')}, lambda part: {{{struct}}})) as varchar)"


_LAST_PART = (
    f"cast(list_max(list_transform({_items('conversation_parts')}, "
    "lambda part: try_cast(json_extract_string(part, '$.created_at') as bigint))) as varchar)"
)
_TAGS = f"array_to_string(list_transform({_items('tags')}, lambda tag: json_extract_string(tag, '$.name')), ';')"
#: Of the customer who wrote first. What opens an outbound conversation, or one that a bot leads, has another author.
_CUSTOMER_EMAIL = (
    f"coalesce(case when json_text(source, '$.author.type') in {_CUSTOMERS} then json_text(source, '$.author.email') "
    f"end, json_extract_string(list_filter({_items('conversation_parts')}, lambda part: "
    f"json_extract_string(part, '$.author.type') in {_CUSTOMERS})[1], '$.author.email'))"
)

CONVERSATIONS = Stream(
    "intercom",
    "conversations",
    "json",
    container="conversations",
    key=("conversation_id",),
    version="updated_at",
    columns=(
        Column("conversation_id", expr="id", required=True),
        Column("created_at", "epoch", required=True),
        Column("updated_at", "epoch", expr="coalesce(updated_at, created_at)", required=True),
        Column("state"),
        Column("is_open", "boolean", expr="open"),
        Column("priority"),
        _id("admin_assignee_id"),
        _id("team_assignee_id"),
        Column("source_type", expr="json_text(source, '$.type')"),
        Column("delivered_as", expr="json_text(source, '$.delivered_as')"),
        Column("source_author_type", expr="json_text(source, '$.author.type')"),
        Column(
            "source_admin_id",
            expr="case when json_text(source, '$.author.type') = 'admin' then json_text(source, '$.author.id') end",
        ),
        Column("customer_email", expr=_CUSTOMER_EMAIL, person="email"),
        Column("tags", expr=_TAGS),
        Column("fields", "json", expr=chosen_attributes("custom_attributes")),
        _statistic("first_admin_reply_at"),
        _statistic("first_close_at"),
        _statistic("last_close_at"),
        _statistic("count_reopens", "integer"),
        Column("rating", "integer", expr="json_text(conversation_rating, '$.rating')"),
        Column("rating_requested_at", "epoch", expr="json_text(conversation_rating, '$.created_at')"),
        Column("rating_updated_at", "epoch", expr="json_text(conversation_rating, '$.updated_at')"),
        _id("rating_teammate_id", "json_text(conversation_rating, '$.teammate.id')"),
        Column(
            "rating_remark_length",
            "integer",
            expr="cast(length(json_text(conversation_rating, '$.remark')) as varchar)",
        ),
        Column("rating_text_match", "exact", expr=text_match("json_text(conversation_rating, '$.remark')")),
        Column("parts", "json", expr=_parts),
        Column("last_part_at", "epoch", expr=_LAST_PART),
        Column(
            "text_match",
            "exact",
            expr=text_match("title", "json_text(source, '$.subject')", "json_text(source, '$.body')"),
        ),
    ),
    free_text=("title",),
    fields=(
        "id",
        "updated_at",
        "open",
        "admin_assignee_id",
        "team_assignee_id",
        "source",
        "tags",
        "custom_attributes",
        "statistics",
        "conversation_rating",
        "conversation_parts",
    ),
    ignored=(
        "type",
        "waiting_since",
        "snoozed_until",
        "read",
        "sla_applied",
        "ai_agent",
        "ai_agent_participated",
        "contacts",
        "teammates",
        "topics",
        "ticket",
        "linked_objects",
        "first_contact_reply",
        "company",
        "conversation_message",
    ),
)

STREAMS = (CONVERSATIONS,)
