with

run_settings as (
    select {{ local_date('as_of', 'time_zone') }} as today from {{ source('control', 'run_settings') }}
),

targets as (
    select
        targets.*,
        run_settings.today
    from {{ ref('dim_target') }} as targets
    cross join run_settings
    where run_settings.today >= coalesce(targets.effective_from, run_settings.today)
        and run_settings.today <= coalesce(targets.effective_to, run_settings.today)
),

guarded as (
    select targets.target_id, targets.dimension, unnest(string_split(kpis.guardrails, ' ')) as measured_kpi_id
    from targets
    inner join {{ ref('dim_kpi') }} as kpis on targets.kpi_id = kpis.kpi_id
    where kpis.guardrails <> ''
),

-- A target looks at its own KPI and at those that must not get worse meanwhile: in its slice, else over everybody.
measured as (
    select
        target_id,
        kpi_id as measured_kpi_id,
        false as is_guardrail,
        -- A KPI of one channel alone has no rows by channel: over everybody is that channel.
        kpi_id || ' ' || dimension in ({{ kpis_lying_in() }}) as is_everywhere
    from targets
    union all
    select
        guarded.target_id,
        guarded.measured_kpi_id,
        true,
        not list_contains(string_split(kpis.dimensions, ' '), guarded.dimension)
    from guarded
    inner join {{ ref('dim_kpi') }} as kpis on guarded.measured_kpi_id = kpis.kpi_id
),

windows as (
    select target_id, 'current' as window_name, today as window_end from targets
    union all
    select target_id, 'previous', today - cast(window_days as integer) from targets
    union all
    select target_id, 'baseline', effective_from - 1 from targets where effective_from is not null
)

select
    targets.target_id,
    measured.measured_kpi_id,
    measured.is_guardrail,
    false as is_rest,
    windows.window_name,
    case when measured.is_everywhere then 'all' else targets.dimension end as dimension,
    case when measured.is_everywhere then 'all' else targets.dimension_value end as dimension_value,
    case
        when kpis.is_last_day_only then windows.window_end
        else windows.window_end - cast(targets.window_days as integer) + 1
    end as first_day,
    windows.window_end as last_day
from targets
inner join measured on targets.target_id = measured.target_id
inner join windows on targets.target_id = windows.target_id
inner join {{ ref('dim_kpi') }} as kpis on measured.measured_kpi_id = kpis.kpi_id
