with known_agents as ({{ known_agents('generic') }})

select
    'generic' as source,
    evaluations.evaluation_id,
    evaluations.version,
    evaluations.evaluated_at,
    evaluations.checklist,
    evaluations.item,
    evaluations.weight,
    cast(case evaluations.result when 'pass' then 1 when 'fail' then 0 end as decimal(18, 6)) as share,
    coalesce(known.agent_email, lower(evaluations.agent_email)) as agent,
    evaluations.team,
    evaluations.contact_id,
    coalesce(evaluations.is_calibration, false) as is_calibration,
    evaluations.updated_at as version_at,
    evaluations._load_no as load_no,
    evaluations._row_no as row_no
from {{ source('raw', 'generic__evaluations') }} as evaluations
left join known_agents as known
    on lower(evaluations.agent_email) = lower(known.agent)
    and evaluations.evaluated_at >= known.valid_from_at
    and evaluations.evaluated_at < known.valid_until_at
