with known_agents as ({{ known_agents('intercom') }})

select
    'intercom' as source,
    conversations.conversation_id as response_id,
    'conversation_rating' as question_id,
    'csat' as survey_type,
    cast(null as varchar) as question,
    cast(1 as decimal(18, 6)) as scale_min,
    cast(5 as decimal(18, 6)) as scale_max,
    cast(case when conversations.rating between 1 and 5 then conversations.rating end as decimal(18, 6)) as score,
    conversations.rating_remark_length as comment_length,
    conversations.rating_requested_at as offered_at,
    case
        when conversations.rating is not null
            then coalesce(conversations.rating_updated_at, conversations.rating_requested_at)
    end as answered_at,
    'intercom/conversations/' || conversations.conversation_id as contact_id,
    coalesce(known.agent_email, conversations.rating_teammate_id) as agent,
    cast(null as varchar) as team,
    cast(null as varchar) as via,
    cast(null as varchar) as brand,
    cast(null as varchar) as issue_type,
    conversations.rating_text_match as text_match,
    conversations.updated_at as version_at,
    conversations._load_no as load_no,
    conversations._row_no as row_no
from {{ source('raw', 'intercom__conversations') }} as conversations
left join known_agents as known
    on conversations.rating_teammate_id = known.agent
    and conversations.rating_requested_at >= known.valid_from_at
    and conversations.rating_requested_at < known.valid_until_at
where conversations.rating_requested_at is not null
