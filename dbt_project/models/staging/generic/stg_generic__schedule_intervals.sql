with known_agents as ({{ known_agents('generic') }})

select
    'generic' as source,
    coalesce(known.agent_email, lower(intervals.agent_email)) as agent,
    intervals.starts_at,
    intervals.ends_at,
    intervals.activity_class,
    intervals.activity,
    intervals.team,
    intervals.published_at,
    intervals.updated_at as version_at,
    intervals._load_no as load_no,
    intervals._row_no as row_no
from {{ source('raw', 'generic__schedule_intervals') }} as intervals
left join known_agents as known
    on lower(intervals.agent_email) = lower(known.agent)
    and intervals.starts_at >= known.valid_from_at
    and intervals.starts_at < known.valid_until_at
