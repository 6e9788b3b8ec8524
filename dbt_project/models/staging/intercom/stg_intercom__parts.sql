with

-- Versions of a conversation repeat its parts, of which an export has the 500 newest: all versions together have most.
parts as (
    select
        conversations.conversation_id,
        conversations.updated_at as version_at,
        conversations._load_no as load_no,
        conversations._row_no as row_no,
        settings.as_of,
        unnest(
            from_json(
                conversations.parts,
                '[{"id": "VARCHAR", "part_type": "VARCHAR", "author_type": "VARCHAR", "admin_id": "VARCHAR",
                   "from_ai_agent": "BOOLEAN", "created_at": "BIGINT", "state": "VARCHAR", "has_body": "BOOLEAN",
                   "text_match": "VARCHAR"}]'
            )
        ) as part
    from {{ source('raw', 'intercom__conversations') }} as conversations
    cross join {{ source('control', 'run_settings') }} as settings
),

named as (
    select
        *,
        part.id as part_id
    from parts
    where part.id is not null and part.created_at is not null
)

select
    conversation_id,
    part_id,
    part.part_type,
    case when part.from_ai_agent then 'bot' else {{ intercom_author_type('part.author_type') }} end as author_type,
    case when part.from_ai_agent then null else part.admin_id end as admin_id,
    make_timestamp(part.created_at * 1000000) as created_at,
    coalesce(
        case
            when part.part_type = 'close' then 'closed'
            when part.part_type = 'snoozed' then 'pending'
            when part.part_type in ('open', 'note_and_reopen', 'unsnoozed', 'timer_unsnooze', 'assign_and_unsnooze')
                then 'open'
        end,
        {{ intercom_status('part.state') }}
    ) as status,
    part.has_body,
    part.text_match,
    version_at,
    load_no,
    row_no
from named
qualify {{ pick_version('conversation_id, part_id') }}
