with

-- Seconds of each piece from the midnight its local clock counts from; a piece never crosses a change of the clock.
pieces as (
    select
        coalesce(pieces.team, days.team) as team,
        isodow(pieces.local_day) as weekday,
        epoch_us({{ local_time('pieces.starts_at', 'run_settings.time_zone') }}) - epoch_us(cast(pieces.local_day as timestamp))
            as from_us,
        epoch_us(pieces.ends_at) - epoch_us(pieces.starts_at) as length_us
    from {{ ref('int_schedule_pieces') }} as pieces
    inner join {{ ref('int_agent_days') }} as days
        on pieces.agent = days.agent
        and pieces.local_day = days.local_day
    cross join (
        select time_zone, {{ local_date('as_of', 'time_zone') }} as today from {{ source('control', 'run_settings') }}
    ) as run_settings
    where pieces.activity_class = 'productive'
        and pieces.local_day between run_settings.today - 28 and run_settings.today - 1
),

slots as (
    select
        *,
        unnest(range(from_us // 1800000000, (from_us + length_us - 1) // 1800000000 + 1)) as half_hour
    from pieces
    where team is not null
)

select
    team,
    cast(weekday as bigint) as weekday,
    cast(half_hour as bigint) as half_hour,
    cast(
        sum(least(from_us + length_us, (half_hour + 1) * 1800000000) - greatest(from_us, half_hour * 1800000000))
        as decimal(28, 0)
    ) * 0.000001 as scheduled_seconds
from slots
group by team, weekday, half_hour
