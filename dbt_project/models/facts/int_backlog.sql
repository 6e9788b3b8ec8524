with

run_settings as (
    select {{ local_date('as_of', 'time_zone') }} as last_day, time_zone from {{ source('control', 'run_settings') }}
),

tickets as (
    select contact_id, created_on, channel, team from {{ ref('fct_ticket') }} where is_resolvable
),

-- +1 on the day a ticket opens or reopens, -1 on the day it is solved.
moves as (
    select channel, team, created_on as day, 1 as moved from tickets
    union all
    select
        tickets.channel,
        tickets.team,
        greatest({{ local_date('transitions.changed_at', 'run_settings.time_zone') }}, tickets.created_on),
        case when transitions.is_solved then -1 else 1 end
    from {{ ref('int_ticket_transitions') }} as transitions
    inner join tickets on transitions.contact_id = tickets.contact_id
    cross join run_settings
),

daily as (
    select channel, team, day, sum(moved) as moved from moves group by channel, team, day
),

-- The count after each day's moves stands until the next day with moves.
standing as (
    select
        channel,
        team,
        day,
        cast(sum(moved) over (partition by channel, team order by day) as bigint) as unsolved,
        lead(day) over (partition by channel, team order by day) as next_day
    from daily
)

select
    standing.channel,
    standing.team,
    cast(days.day as date) as day,
    standing.unsolved,
    isodow(days.day) = 7 or cast(days.day as date) = run_settings.last_day as is_week_end,
    cast(days.day as date) = last_day(days.day) or cast(days.day as date) = run_settings.last_day as is_month_end
from standing
cross join run_settings
-- A ticket of the year 1 is unsolved on every day that calendars are built for, not for two thousand years.
cross join {{ ref('int_calendar_range') }} as calendar_range
cross join lateral (
    select unnest(generate_series(
        greatest(standing.day, calendar_range.first_day), coalesce(standing.next_day - 1, run_settings.last_day), interval 1 day
    )) as day
) as days
where standing.unsolved > 0
