with known_agents as ({{ known_agents('generic') }})

select
    'generic' as source,
    messages.message_id,
    messages.ticket_id,
    messages.sent_at,
    messages.author_type,
    messages.is_public,
    case
        when messages.author_type = 'agent' then coalesce(known.agent_email, lower(messages.author_email))
    end as author,
    messages.team,
    messages.resource_used,
    messages.text_match,
    messages.message_id as message_no,
    messages.updated_at as version_at,
    messages._load_no as load_no,
    messages._row_no as row_no
from {{ source('raw', 'generic__messages') }} as messages
left join known_agents as known
    on lower(messages.author_email) = lower(known.agent)
    and messages.sent_at >= known.valid_from_at
    and messages.sent_at < known.valid_until_at
