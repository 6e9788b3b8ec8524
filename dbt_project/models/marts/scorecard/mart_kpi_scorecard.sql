with

run_settings as (
    select as_of, {{ local_date('as_of', 'time_zone') }} as today from {{ source('control', 'run_settings') }}
),

targets as (
    select
        targets.*,
        run_settings.as_of,
        run_settings.today
    from {{ ref('dim_target') }} as targets
    cross join run_settings
    where run_settings.today >= coalesce(targets.effective_from, run_settings.today)
        and run_settings.today <= coalesce(targets.effective_to, run_settings.today)
),

own as (
    select * from {{ ref('int_window_values') }} where not is_guardrail
),

guardrails as (
    select target_id, string_agg(measured_kpi_id, ';' order by measured_kpi_id) as guardrail
    from {{ ref('int_target_trends') }}
    where is_guardrail and trend = 'worsening'
    group by target_id
)

select
    targets.as_of,
    targets.target_id,
    targets.kpi_id,
    targets.dimension,
    targets.dimension_value,
    targets.today - cast(targets.window_days as integer) + 1 as window_start,
    targets.today as window_end,
    own.numerator,
    own.denominator,
    own.value,
    coalesce(own.sample_size, 0) as sample_size,
    targets.comparator,
    targets.target,
    targets.warn_at,
    case
        when own.value is null then 'no_data'
        when not {{ holds('own.value', 'targets.comparator', 'targets.target') }} then 'missed'
        when not coalesce({{ holds('own.value', 'targets.comparator', 'targets.warn_at') }}, true) then 'at_risk'
        else 'met'
    end as status,
    targets.severity,
    previous.value as previous_value,
    baseline.value as baseline_value,
    trends.trend,
    case when trends.trend = 'improving' then guardrails.guardrail end as guardrail,
    targets.source
from targets
left join own
    on targets.target_id = own.target_id
    and own.window_name = 'current'
left join own as previous
    on targets.target_id = previous.target_id
    and previous.window_name = 'previous'
left join own as baseline
    on targets.target_id = baseline.target_id
    and baseline.window_name = 'baseline'
left join {{ ref('int_target_trends') }} as trends
    on targets.target_id = trends.target_id
    and not trends.is_guardrail
left join guardrails on targets.target_id = guardrails.target_id
