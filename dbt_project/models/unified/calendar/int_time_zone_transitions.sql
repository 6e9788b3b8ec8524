with

zones as (
    select time_zone from {{ ref('int_calendar_rules') }}
    union
    select time_zone from {{ source('control', 'run_settings') }}
),

-- Instant to local time is unambiguous, local time to instant is not: so changes are found from the instants' side.
days as (
    select
        zones.time_zone,
        calendar_days.midnight
    from zones
    cross join (
        select unnest(generate_series(first_day - 9, last_day + 9, interval 1 day)) as midnight
        from {{ ref('int_calendar_range') }}
    ) as calendar_days
),

changed_days as (
    select
        time_zone,
        midnight - interval 1 day as midnight
    from days
    qualify
        {{ utc_offset('midnight', 'time_zone') }}
        <> lag({{ utc_offset('midnight', 'time_zone') }}) over (partition by time_zone order by midnight)
),

probes as (
    select time_zone, min(midnight) as probed_at from days group by time_zone
    union all
    select
        time_zone,
        unnest(generate_series(midnight, midnight + interval 1 day, interval 1 minute)) as probed_at
    from changed_days
),

changes as (
    select
        time_zone,
        probed_at,
        {{ utc_offset('probed_at', 'time_zone') }} as utc_offset_seconds,
        lag(probed_at) over (partition by time_zone order by probed_at) as previous_probed_at
    from (select distinct time_zone, probed_at from probes) as distinct_probes
    qualify
        utc_offset_seconds is distinct from lag(utc_offset_seconds) over (partition by time_zone order by probed_at)
)

select
    time_zone,
    case when previous_probed_at is null then timestamp '0001-01-01 00:00:00' else probed_at end as from_at,
    coalesce(
        lead(probed_at) over (partition by time_zone order by probed_at), timestamp '9999-12-31 00:00:00'
    ) as to_at,
    utc_offset_seconds
from changes
