with

known_agents as ({{ known_agents('intercom') }}),

-- Most parts say the state that is already so. A conversation begins open.
changes as (
    select parts.*
    from {{ ref('stg_intercom__parts') }} as parts
    cross join {{ source('control', 'run_settings') }} as settings
    where parts.status is not null and parts.created_at <= settings.as_of
    qualify parts.status <> coalesce(
        lag(parts.status) over (
            partition by parts.conversation_id order by parts.created_at, lpad(parts.part_id, 20, '0')
        ),
        'open'
    )
)

select
    'intercom' as source,
    changes.conversation_id as ticket_id,
    changes.created_at as changed_at,
    changes.status,
    case when changes.author_type = 'agent' then coalesce(known.agent_email, changes.admin_id) end as actor,
    row_number() over (
        partition by changes.conversation_id order by changes.created_at, lpad(changes.part_id, 20, '0')
    ) as change_no
from changes
left join known_agents as known
    on changes.admin_id = known.agent
    and changes.created_at >= known.valid_from_at
    and changes.created_at < known.valid_until_at
