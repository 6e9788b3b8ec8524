with known_agents as ({{ known_agents('generic') }}),

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
left join {{ ref('stg_generic__agents') }} as agents on changes.actor_email_key = agents.email_key
left join known_agents as known
    on agents.email = lower(known.agent)
    and changes.changed_at >= known.valid_from_at
    and changes.changed_at < known.valid_until_at
