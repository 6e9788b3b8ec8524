with

schedules as (
    select
        agent,
        local_day,
        min_by(team, (starts_at, team)) as team
    from {{ ref('int_schedule_pieces') }}
    group by agent, local_day
),

days as (
    select agent, local_day from schedules
    union
    select agent, local_day from {{ ref('int_status_pieces') }}
    union
    select agent, replied_on from {{ ref('int_agent_replies') }} where agent is not null
    union
    select agent, local_day from {{ ref('int_agent_contacts') }}
),

-- The schedule's team of the day, else that of the last day that had one.
scheduled as (
    select
        days.agent,
        days.local_day,
        last_value(schedules.team ignore nulls) over (
            partition by days.agent
            order by days.local_day
            rows between unbounded preceding and current row
        ) as team
    from days
    left join schedules
        on days.agent = schedules.agent
        and days.local_day = schedules.local_day
),

configured as (
    select
        days.agent,
        days.local_day,
        min_by(agents.team, agents.row_no) as team
    from days
    inner join {{ source('control', 'cfg_agents') }} as agents
        on lower(trim(days.agent)) = lower(trim(coalesce(agents.agent_email, agents.agent)))
        and days.local_day >= coalesce(agents.valid_from, date '0001-01-01')
        and days.local_day <= coalesce(agents.valid_to, date '9999-12-31')
    group by days.agent, days.local_day
)

select
    scheduled.agent,
    scheduled.local_day,
    coalesce(scheduled.team, configured.team) as team
from scheduled
left join configured
    on scheduled.agent = configured.agent
    and scheduled.local_day = configured.local_day
