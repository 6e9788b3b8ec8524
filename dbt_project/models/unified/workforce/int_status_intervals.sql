with

-- An end after as_of is not known yet.
visible as (
    select
        versions.*,
        run_settings.as_of,
        {{ unless_later('versions.ends_at', 'run_settings.as_of') }} as known_end_at
    from {{ ref('int_status_interval_versions') }} as versions
    cross join {{ source('control', 'run_settings') }} as run_settings
    where versions.starts_at <= run_settings.as_of
)

select
    source,
    agent,
    starts_at,
    coalesce(known_end_at, as_of) as ends_at,
    status_class,
    status
from visible
qualify row_number() over (
    partition by agent, starts_at
    order by
        coalesce(version_at <= as_of, true) desc,
        case when version_at <= as_of then version_at end desc nulls last,
        version_at asc nulls last,
        known_end_at is not null desc,
        load_no desc,
        row_no desc
) = 1
