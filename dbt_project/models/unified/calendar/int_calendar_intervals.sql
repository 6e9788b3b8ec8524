with

days as (
    -- A weekly interval may begin up to a week before the first day it is needed for.
    select cast(unnest(generate_series(first_day - 8, last_day + 1, interval 1 day)) as date) as day
    from {{ ref('int_calendar_range') }}
),

local_openings as (
    select
        rules.calendar_id,
        rules.time_zone,
        days.day + rules.opens_minute * interval 1 minute as opens_at,
        days.day + rules.closes_minute * interval 1 minute as closes_at
    from {{ ref('int_calendar_rules') }} as rules
    inner join days
        on rules.weekday = isodow(days.day)
        and days.day between rules.valid_from and rules.valid_to
),

-- Opens when the local clock first shows opens_at or later, closes when it last showed closes_at or earlier: that is
-- the first of two occurrences, the second of two, and the change itself for a skipped time.
openings as (
    select
        openings.calendar_id,
        min(greatest(zones.from_at, openings.opens_at - zones.utc_offset_seconds * interval 1 second))
            filter (where openings.opens_at - zones.utc_offset_seconds * interval 1 second < zones.to_at) as starts_at,
        max(least(zones.to_at, openings.closes_at - zones.utc_offset_seconds * interval 1 second))
            filter (where openings.closes_at - zones.utc_offset_seconds * interval 1 second >= zones.from_at) as ends_at
    from local_openings as openings
    inner join {{ ref('int_time_zone_transitions') }} as zones on openings.time_zone = zones.time_zone
    group by openings.calendar_id, openings.time_zone, openings.opens_at, openings.closes_at
),

-- A holiday is every instant whose local date is one of its days.
holidays as (
    select
        holidays.calendar_id,
        greatest(zones.from_at, holidays.starts_on - zones.utc_offset_seconds * interval 1 second) as starts_at,
        least(zones.to_at, holidays.ends_on + interval 1 day - zones.utc_offset_seconds * interval 1 second) as ends_at
    from {{ ref('int_calendar_holidays') }} as holidays
    inner join (select distinct calendar_id, time_zone from {{ ref('int_calendar_rules') }}) as calendars
        on holidays.calendar_id = calendars.calendar_id
    inner join {{ ref('int_time_zone_transitions') }} as zones on calendars.time_zone = zones.time_zone
),

edges as (
    select calendar_id, starts_at as edge_at, 1 as openings, 0 as holidays from openings where starts_at < ends_at
    union all
    select calendar_id, ends_at as edge_at, -1 as openings, 0 as holidays from openings where starts_at < ends_at
    union all
    select calendar_id, starts_at as edge_at, 0 as openings, 1 as holidays from holidays where starts_at < ends_at
    union all
    select calendar_id, ends_at as edge_at, 0 as openings, -1 as holidays from holidays where starts_at < ends_at
),

-- Open while at least one opening and no holiday is running: this merges and clips in one sweep.
sweep as (
    select
        calendar_id,
        edge_at,
        sum(sum(openings)) over running > 0 and sum(sum(holidays)) over running = 0 as is_open
    from edges
    group by calendar_id, edge_at
    window running as (partition by calendar_id order by edge_at rows unbounded preceding)
),

turns as (
    select
        calendar_id,
        edge_at,
        is_open
    from sweep
    qualify is_open <> coalesce(lag(is_open) over (partition by calendar_id order by edge_at), false)
),

intervals as (
    select
        calendar_id,
        is_open,
        edge_at as starts_at,
        lead(edge_at) over (partition by calendar_id order by edge_at) as ends_at
    from turns
)

select
    calendar_id,
    row_number() over so_far as interval_no,
    starts_at,
    ends_at,
    cast(
        sum(date_diff('second', starts_at, ends_at)) over so_far - date_diff('second', starts_at, ends_at) as bigint
    ) as open_seconds_before
from intervals
where is_open
window so_far as (partition by calendar_id order by starts_at rows unbounded preceding)
