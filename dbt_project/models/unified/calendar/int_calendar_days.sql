{#- The end of the last piece moves on with the calendar: no instant that was seen lies there. -#}
{{ config(
    materialized='compared', key=['utc_day'],
    compared=['calendar_id', 'utc_day', 'is_open', 'starts_at', 'open_seconds_before']
) }}

with

intervals as (
    select * from {{ ref('int_calendar_intervals') }}
),

-- Open and closed pieces of time that follow each other without a gap, from the beginning of time to its end.
pieces as (
    select
        calendar_id,
        true as is_open,
        starts_at,
        ends_at,
        open_seconds_before
    from intervals
    union all
    select
        calendar_id,
        false as is_open,
        ends_at as starts_at,
        coalesce(
            lead(starts_at) over (partition by calendar_id order by starts_at), timestamp '9999-12-31 00:00:00'
        ) as ends_at,
        open_seconds_before + date_diff('second', starts_at, ends_at) as open_seconds_before
    from intervals
    union all
    select
        rules.calendar_id,
        false as is_open,
        timestamp '0001-01-01 00:00:00' as starts_at,
        coalesce(min(intervals.starts_at), timestamp '9999-12-31 00:00:00') as ends_at,
        0 as open_seconds_before
    from {{ ref('int_calendar_rules') }} as rules
    left join intervals on rules.calendar_id = intervals.calendar_id
    group by rules.calendar_id
),

days as (
    select
        pieces.*,
        unnest(generate_series(
            least(greatest(cast(pieces.starts_at as date), bounds.first_day), bounds.last_day),
            least(greatest(cast(pieces.ends_at - interval 1 microsecond as date), bounds.first_day), bounds.last_day),
            interval 1 day
        )) as utc_day
    from pieces
    cross join {{ ref('int_calendar_range') }} as bounds
)

select
    calendar_id,
    cast(utc_day as date) as utc_day,
    is_open,
    starts_at,
    ends_at,
    open_seconds_before
from days
