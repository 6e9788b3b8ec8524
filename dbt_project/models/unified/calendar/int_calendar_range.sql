with

earliest as (
    select min(created_at) as seen_at from {{ ref('int_tickets') }}
    union all
    select min(least(arrived_at, queued_at)) as seen_at from {{ ref('int_calls') }}
    union all
    select min(starts_at) as seen_at from {{ ref('int_schedule_intervals') }}
    union all
    select min(starts_at) as seen_at from {{ ref('int_status_intervals') }}
)

-- A broken clock in one row (year 1) must not make calendars of two thousand years.
select
    greatest(
        cast(coalesce(min(earliest.seen_at), run_settings.as_of) as date) - 1,
        cast(run_settings.as_of - interval 30 year as date)
    ) as first_day,
    cast(run_settings.as_of as date) + 1 as last_day
from {{ source('control', 'run_settings') }} as run_settings
cross join earliest
group by run_settings.as_of
