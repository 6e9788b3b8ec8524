with

handled as (
    select agent, local_day, count(*) as contacts_handled
    from {{ ref('int_agent_contacts') }}
    group by agent, local_day
),

schedules as (
    select
        agent,
        local_day,
        bool_or(activity_class in ('time_off', 'sick')) and not bool_or(activity_class = 'productive') as is_absent
    from {{ ref('int_schedule_pieces') }}
    group by agent, local_day
),

timed as (
    select *, {{ seconds_between('starts_at', 'ends_at') }} as seconds from {{ ref('int_status_pieces') }}
),

statuses as (
    select
        agent,
        local_day,
        bool_or(status_class <> 'offline') as is_at_work,
        sum(case when status_class in ('on_contact', 'after_contact') then seconds else 0 end) as busy_seconds,
        sum(case when status_class = 'available' then seconds else 0 end) as available_seconds
    from timed
    group by agent, local_day
)

select
    days.agent,
    days.local_day,
    days.team,
    coalesce(schedules.is_absent, false) as is_absent,
    not coalesce(schedules.is_absent, false)
        and (handled.contacts_handled is not null or coalesce(statuses.is_at_work, false)) as is_present,
    coalesce(handled.contacts_handled, 0) as contacts_handled,
    statuses.busy_seconds,
    statuses.available_seconds,
    statuses.busy_seconds + statuses.available_seconds as staffed_seconds,
    adherence.scheduled_seconds,
    adherence.adherent_seconds
from {{ ref('int_agent_days') }} as days
left join handled
    on days.agent = handled.agent
    and days.local_day = handled.local_day
left join schedules
    on days.agent = schedules.agent
    and days.local_day = schedules.local_day
left join statuses
    on days.agent = statuses.agent
    and days.local_day = statuses.local_day
left join {{ ref('int_adherence') }} as adherence
    on days.agent = adherence.agent
    and days.local_day = adherence.local_day
