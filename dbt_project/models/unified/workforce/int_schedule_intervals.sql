with

versions as (
    {{ union_staging('schedule_intervals') }}
),

published as (
    select
        versions.*,
        run_settings.as_of,
        {{ local_date('versions.starts_at', 'run_settings.time_zone') }} as starts_on
    from versions
    cross join {{ source('control', 'run_settings') }} as run_settings
    where coalesce(versions.published_at <= run_settings.as_of, true)
),

picked as (
    select *
    from published
    qualify {{ pick_version('agent, starts_at, published_at') }}
)

-- A publication replaces earlier ones on the days on which its rows start, whole.
select
    agent,
    starts_at,
    ends_at,
    activity_class,
    activity,
    team,
    published_at
from picked
qualify rank() over (partition by agent, starts_on order by published_at desc nulls last) = 1
