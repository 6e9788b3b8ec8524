with roles as ({{ zendesk_roles() }}),

once_agents as (select user_id from {{ ref('stg_zendesk__once_agents') }}),

agent_names as ({{ zendesk_agent_names() }}),

known_people as ({{ known_people('zendesk') }}),

comments as (
    select
        *,
        coalesce(author_id, updater_id) as person_id,
        -- Author -1 is Zendesk itself; the bots write under a via of their own.
        coalesce(
            coalesce(author_id, updater_id) = '-1' or via_channel in ('rule', 'trigger', 'automation', 'answer_bot', 'bot'), false
        ) as is_bot
    from {{ source('raw', 'zendesk__ticket_events') }}
    where kind in ('Comment', 'VoiceComment')
),

authored as (
    select
        comments.*,
        case
            when comments.is_bot then 'bot'
            when coalesce(roles.is_agent, once_agents.user_id is not null) then 'agent'
            else 'customer'
        end as author_type
    from comments
    left join once_agents on comments.person_id = once_agents.user_id
    left join roles
        on comments.person_id = roles.user_id
        and comments.created_at >= roles.valid_from_at
        and comments.created_at < roles.valid_until_at
)

select
    'zendesk' as source,
    authored.event_id as message_id,
    authored.ticket_id,
    authored.created_at as sent_at,
    authored.author_type,
    coalesce(authored.is_public, true) as is_public,
    case
        when authored.author_type = 'agent'
            then coalesce(known_people.agent_email, agent_names.agent_email, agent_names.agent_name)
    end as author,
    cast(null as varchar) as team,
    cast(null as varchar) as resource_used,
    authored.text_match,
    lpad(authored.event_id, 20, '0') as message_no,
    cast(null as timestamp) as version_at,
    authored._load_no as load_no,
    authored._row_no as row_no
from authored
left join agent_names on authored.person_id = agent_names.user_id
left join known_people
    on authored.person_id = known_people.user_id
    and authored.created_at >= known_people.valid_from_at
    and authored.created_at < known_people.valid_until_at
