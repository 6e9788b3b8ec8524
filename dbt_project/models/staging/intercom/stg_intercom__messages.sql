with

known_agents as ({{ known_agents('intercom') }}),

-- What opened the conversation is no part. It is told only where parts are, or could be and there was no reply: a page
-- without them would else seem to say that nobody has replied.
openings as (
    select
        conversation_id,
        conversation_id || '/source' as message_id,
        '' as part_id,
        created_at,
        {{ intercom_author_type('source_author_type') }} as author_type,
        source_admin_id as admin_id,
        true as is_public,
        cast(null as varchar) as text_match,
        updated_at as version_at,
        _load_no as load_no,
        _row_no as row_no
    from {{ source('raw', 'intercom__conversations') }}
    where last_part_at is not null or (parts is not null and first_admin_reply_at is null)
),

-- Closing, opening or assigning a conversation may come with a word to the customer; a note is for the team.
written as (
    select
        conversation_id,
        part_id as message_id,
        part_id,
        created_at,
        author_type,
        admin_id,
        part_type not in ('note', 'note_and_reopen') as is_public,
        text_match,
        version_at,
        load_no,
        row_no
    from {{ ref('stg_intercom__parts') }}
    where
        part_type in ('comment', 'quick_reply', 'note', 'note_and_reopen')
        or (
            has_body
            and part_type in ('open', 'close', 'assignment', 'snoozed', 'unsnoozed', 'assign_and_unsnooze')
        )
),

messages as (
    select * from openings
    union all by name
    select * from written
)

select
    'intercom' as source,
    messages.message_id,
    messages.conversation_id as ticket_id,
    messages.created_at as sent_at,
    messages.author_type,
    messages.is_public,
    case when messages.author_type = 'agent' then coalesce(known.agent_email, messages.admin_id) end as author,
    cast(null as varchar) as team,
    cast(null as varchar) as resource_used,
    messages.text_match,
    lpad(messages.part_id, 20, '0') as message_no,
    messages.version_at,
    messages.load_no,
    messages.row_no
from messages
left join known_agents as known
    on messages.admin_id = known.agent
    and messages.created_at >= known.valid_from_at
    and messages.created_at < known.valid_until_at
