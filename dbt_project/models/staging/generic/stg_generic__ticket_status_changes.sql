with known_agents as ({{ known_agents('generic') }}),

-- The lake has a key of the actor, who may be a customer: whoever was ever named as an agent is known by it.
agents as (
    select
        email_key,
        min(email) as email
    from (
        select
            assignee_email_key as email_key,
            lower(assignee_email) as email
        from {{ source('raw', 'generic__tickets') }}
        union all
        select
            author_email_key as email_key,
            lower(author_email) as email
        from {{ source('raw', 'generic__messages') }}
        union all
        select
            agent_email_key as email_key,
            lower(agent_email) as email
        from {{ source('raw', 'generic__calls') }}
        {%- for stream in ['schedule_intervals', 'status_intervals'] %}
        union all
        select distinct
            agent_email_key,
            lower(agent_email)
        from {{ source('raw', 'generic__' ~ stream) }}
        {%- endfor %}
    )
    where email_key is not null
    group by email_key
),

-- Rows of one change differ in who is named as its actor only: the newest that as_of sees, else the oldest, says it.
changes as (
    select changes.*
    from {{ source('raw', 'generic__ticket_status_changes') }} as changes
    cross join {{ source('control', 'run_settings') }} as settings
    where changes.changed_at <= settings.as_of
    qualify row_number() over (
        partition by changes.ticket_id, changes.changed_at, changes.status
        order by
            coalesce(changes.updated_at <= settings.as_of, true) desc,
            case when changes.updated_at <= settings.as_of then changes.updated_at end desc nulls last,
            changes.updated_at asc,
            changes._load_no desc,
            changes._row_no desc
    ) = 1
)

select
    'generic' as source,
    changes.ticket_id,
    changes.changed_at,
    changes.status,
    coalesce(known.agent_email, agents.email) as actor,
    row_number() over (
        partition by changes.ticket_id
        order by
            changes.changed_at,
            case changes.status
                when 'new' then 1
                when 'open' then 2
                when 'pending' then 3
                when 'hold' then 4
                when 'solved' then 5
                when 'closed' then 6
                else 7
            end,
            changes.status
    ) as change_no
from changes
left join agents on changes.actor_email_key = agents.email_key
left join known_agents as known
    on agents.email = lower(known.agent)
    and changes.changed_at >= known.valid_from_at
    and changes.changed_at < known.valid_until_at
