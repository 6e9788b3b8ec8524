with settings as (select as_of from {{ source('control', 'run_settings') }}),

roles as ({{ zendesk_roles() }}),

once_agents as (select user_id from {{ ref('stg_zendesk__once_agents') }}),

agent_names as ({{ zendesk_agent_names() }}),

known_people as ({{ known_people('zendesk') }}),

changes as (
    select events.*
    from {{ source('raw', 'zendesk__ticket_events') }} as events
    cross join settings
    where events.status is not null and events.created_at <= settings.as_of
    qualify row_number() over (partition by events.event_id order by events._load_no desc, events._row_no desc) = 1
)

select
    'zendesk' as source,
    changes.ticket_id,
    changes.created_at as changed_at,
    case changes.status when 'archived' then 'closed' when 'scrubbed' then 'deleted' else changes.status end as status,
    case
        when coalesce(roles.is_agent, once_agents.user_id is not null)
            then coalesce(known_people.agent_email, agent_names.agent_email, agent_names.agent_name)
    end as actor,
    row_number() over (
        partition by changes.ticket_id
        order by changes.created_at, try_cast(changes.event_id as bigint), changes.event_id
    ) as change_no
from changes
left join once_agents on changes.updater_id = once_agents.user_id
left join roles
    on changes.updater_id = roles.user_id
    and changes.created_at >= roles.valid_from_at
    and changes.created_at < roles.valid_until_at
left join agent_names on changes.updater_id = agent_names.user_id
left join known_people
    on changes.updater_id = known_people.user_id
    and changes.created_at >= known_people.valid_from_at
    and changes.created_at < known_people.valid_until_at
