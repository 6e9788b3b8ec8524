with

-- Versions of a conversation repeat its parts, of which an export has the 500 newest: all versions together have most.
parts as (
    select
        conversations.conversation_id,
        conversations.updated_at as version_at,
        conversations._load_no as load_no,
        conversations._row_no as row_no,
        settings.as_of,
        unnest(from_json(conversations.parts, '["JSON"]')) as part
    from {{ source('raw', 'intercom__conversations') }} as conversations
    cross join {{ source('control', 'run_settings') }} as settings
),

told as (
    select
        * exclude (part),
        {% for field in ['id', 'part_type', 'author_type', 'admin_id', 'state', 'text_match'] -%}
        json_extract_string(part, '$.{{ field }}') as {{ field }},
        {% endfor -%}
        coalesce(json_extract_string(part, '$.from_ai_agent') = 'true', false) as is_from_ai_agent,
        json_extract_string(part, '$.has_body') = 'true' as has_body,
        make_timestamp(cast(json_extract_string(part, '$.created_at') as bigint) * 1000000) as created_at
    from parts
)

select
    conversation_id,
    id as part_id,
    part_type,
    case when is_from_ai_agent then 'bot' else {{ intercom_author_type('author_type') }} end as author_type,
    case when not is_from_ai_agent then admin_id end as admin_id,
    created_at,
    coalesce(
        case
            when part_type = 'close' then 'closed'
            when part_type = 'snoozed' then 'pending'
            when part_type in ('open', 'note_and_reopen', 'unsnoozed', 'timer_unsnooze', 'assign_and_unsnooze')
                then 'open'
        end,
        {{ intercom_status('state') }}
    ) as status,
    has_body,
    text_match,
    version_at,
    load_no,
    row_no
from told
where id is not null and created_at is not null
qualify {{ pick_version('conversation_id, id') }}
