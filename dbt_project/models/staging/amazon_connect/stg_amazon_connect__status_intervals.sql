with known_agents as ({{ known_agents('amazon_connect') }}),

-- What the agent does after each event; a heartbeat says nothing new. A call or its after-call work, which have no status of
-- their own, come before the status.
snapshots as (
    select
        coalesce(events.agent_username, events.previous_username) as agent,
        events.event_id,
        events.event_at,
        case
            when events.on_contact_since is not null then 'on_contact'
            when events.after_contact_since is not null then 'after_contact'
            when events.event_type = 'LOGOUT' or events.status = 'Offline' then 'offline'
            when events.status = 'Available' then 'available'
            when list_contains(string_split(sources.productive_statuses, ';'), events.status) then 'productive_other'
            else 'non_productive'
        end as status_class,
        case when events.event_type = 'LOGOUT' then 'Offline' else events.status end as status,
        case
            when events.on_contact_since is not null then events.on_contact_since
            when events.after_contact_since is not null then events.after_contact_since
            when events.event_type = 'LOGOUT' then events.event_at
            else events.status_at
        end as since,
        events._load_no as load_no,
        events._row_no as row_no
    from {{ source('raw', 'amazon_connect__agent_events') }} as events
    left join {{ source('control', 'source_settings') }} as sources on sources.source = 'amazon_connect'
    where events.event_type <> 'HEART_BEAT'
    qualify row_number() over (partition by events.event_id order by events._load_no, events._row_no) = 1
),

-- It does so since the event, or since an instant between the event before and this one that the event names.
dated as (
    select
        *,
        lag(status_class || '/' || coalesce(status, '')) over (partition by agent order by event_at, event_id) as before,
        lag(event_at) over (partition by agent order by event_at, event_id) as event_before_at
    from snapshots
),

changes as (
    select
        *,
        case
            when event_before_at is null then coalesce(least(since, event_at), event_at)
            when since > event_before_at then least(since, event_at)
            else event_at
        end as starts_at
    from dated
    where before is distinct from status_class || '/' || coalesce(status, '')
)

select
    'amazon_connect' as source,
    coalesce(known.agent_email, changes.agent) as agent,
    changes.starts_at,
    lead(changes.starts_at) over (partition by changes.agent order by changes.event_at, changes.event_id) as ends_at,
    changes.status_class,
    changes.status,
    cast(null as timestamp) as version_at,
    changes.load_no,
    changes.row_no
from changes
left join known_agents as known
    on changes.agent = known.agent
    and changes.starts_at >= known.valid_from_at
    and changes.starts_at < known.valid_until_at
