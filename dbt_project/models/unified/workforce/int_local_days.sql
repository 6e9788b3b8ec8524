with

run_settings as (
    select time_zone, {{ local_date('as_of', 'time_zone') }} as today from {{ source('control', 'run_settings') }}
),

days as (
    select
        run_settings.time_zone,
        cast(unnest(generate_series(bounds.first_day - 1, run_settings.today, interval 1 day)) as date) as local_day
    from {{ ref('int_calendar_range') }} as bounds
    cross join run_settings
),

stretches as (
    select
        days.local_day,
        greatest(zones.from_at, days.local_day - zones.utc_offset_seconds * interval 1 second) as starts_at,
        least(zones.to_at, days.local_day + interval 1 day - zones.utc_offset_seconds * interval 1 second) as ends_at
    from days
    inner join {{ ref('int_time_zone_transitions') }} as zones on days.time_zone = zones.time_zone
)

select * from stretches where starts_at < ends_at
