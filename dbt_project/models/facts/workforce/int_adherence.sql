with

-- What is planned for after as_of can be neither kept nor missed yet.
schedules as (
    select
        pieces.agent,
        pieces.local_day,
        pieces.activity_class,
        pieces.starts_at,
        least(pieces.ends_at, run_settings.as_of) as ends_at
    from {{ ref('int_schedule_pieces') }} as pieces
    cross join {{ source('control', 'run_settings') }} as run_settings
    where pieces.activity_class in ('productive', 'non_productive')
        and pieces.starts_at < run_settings.as_of
),

scheduled as (
    select
        agent,
        local_day,
        sum({{ seconds_between('starts_at', 'ends_at') }}) as scheduled_seconds
    from schedules
    group by agent, local_day
),

kept as (
    select
        schedules.agent,
        schedules.local_day,
        sum({{ seconds_between(
            'greatest(schedules.starts_at, statuses.starts_at)', 'least(schedules.ends_at, statuses.ends_at)'
        ) }}) as adherent_seconds
    from schedules
    inner join {{ ref('int_status_pieces') }} as statuses
        on schedules.agent = statuses.agent
        and schedules.local_day = statuses.local_day
        and schedules.starts_at < statuses.ends_at
        and schedules.ends_at > statuses.starts_at
        and case schedules.activity_class
            when 'productive'
                then statuses.status_class in ('available', 'on_contact', 'after_contact', 'productive_other')
            else statuses.status_class = 'non_productive'
        end
    group by schedules.agent, schedules.local_day
)

select
    scheduled.agent,
    scheduled.local_day,
    scheduled.scheduled_seconds,
    coalesce(kept.adherent_seconds, 0) as adherent_seconds
from scheduled
left join kept
    on scheduled.agent = kept.agent
    and scheduled.local_day = kept.local_day
