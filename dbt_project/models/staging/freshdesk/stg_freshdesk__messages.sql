with agent_names as ({{ freshdesk_agent_names() }}),

known_people as ({{ known_people('freshdesk') }}),

authored as (
    select
        *,
        case
            when is_incoming then 'customer'
            when automation_id is not null or coalesce(is_auto_response, false) then 'bot'
            else 'agent'
        end as author_type
    from {{ source('raw', 'freshdesk__conversations') }}
    -- What a survey says is no message that waits for a reply: it stands among the ratings.
    where source is distinct from '6'
)

select
    'freshdesk' as source,
    authored.conversation_id as message_id,
    authored.ticket_id,
    authored.created_at as sent_at,
    authored.author_type,
    -- What is forwarded goes to somebody else.
    not coalesce(authored.is_private, false)
    and (authored.author_type = 'customer' or authored.source is distinct from '8') as is_public,
    case
        when authored.author_type = 'agent'
            then coalesce(known_people.agent_email, agent_names.agent_email, agent_names.agent_name)
    end as author,
    cast(null as varchar) as team,
    cast(null as varchar) as resource_used,
    authored.text_match,
    lpad(authored.conversation_id, 20, '0') as message_no,
    authored.updated_at as version_at,
    authored._load_no as load_no,
    authored._row_no as row_no
from authored
left join agent_names on authored.user_id = agent_names.user_id
left join known_people
    on authored.user_id = known_people.user_id
    and authored.created_at >= known_people.valid_from_at
    and authored.created_at < known_people.valid_until_at
