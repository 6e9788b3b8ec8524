with

interventions as (
    select
        'intervention/' || interventions.row_no as target_id,
        interventions.kpi_id as measured_kpi_id,
        coalesce(interventions.dimension, 'all') as dimension,
        coalesce(interventions.dimension_value, 'all') as dimension_value,
        interventions.happened_on,
        kpis.is_last_day_only
    from {{ source('control', 'cfg_interventions') }} as interventions
    inner join {{ ref('dim_kpi') }} as kpis on interventions.kpi_id = kpis.kpi_id
    cross join {{ source('control', 'run_settings') }} as run_settings
    where interventions.happened_on + 27 < {{ local_date('run_settings.as_of', 'run_settings.time_zone') }}
),

-- The rest of the organisation too, where there is one.
scopes as (
    select *, '' as suffix, false as is_rest from interventions
    union all
    select *, '_rest', true from interventions where dimension <> 'all'
)

select
    target_id,
    measured_kpi_id,
    false as is_guardrail,
    is_rest,
    periods.period || scopes.suffix as window_name,
    dimension,
    dimension_value,
    case when is_last_day_only then happened_on + periods.last_day else happened_on + periods.first_day end as first_day,
    happened_on + periods.last_day as last_day
from scopes
cross join (values ('before', -28, -1), ('after', 0, 27)) as periods (period, first_day, last_day)
