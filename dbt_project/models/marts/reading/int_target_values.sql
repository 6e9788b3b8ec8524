with

spreads as (
    select * from {{ ref('int_target_spreads') }}
),

-- Whatever can be added up comes from the daily rows of the window.
added as (
    select
        windows.target_id,
        windows.measured_kpi_id,
        windows.window_name,
        sum(cast(series.numerator as decimal(38, 6))) as numerator,
        sum(cast(series.denominator as decimal(38, 6))) as denominator,
        sum(series.sample_size) as sample_size
    from {{ ref('int_target_windows') }} as windows
    inner join {{ ref('mart_kpi_timeseries') }} as series
        on windows.measured_kpi_id = series.kpi_id
        and windows.dimension = series.dimension
        and windows.dimension_value = series.dimension_value
        and series.period_start between windows.first_day and windows.last_day
    where series.grain = 'day'
        and series.numerator is not null
    group by windows.target_id, windows.measured_kpi_id, windows.window_name
)

select
    windows.target_id,
    windows.measured_kpi_id,
    windows.is_guardrail,
    windows.window_name,
    kpis.unit,
    kpis.higher_is_better,
    cast(added.numerator as double) as numerator,
    cast(added.denominator as double) as denominator,
    coalesce(
        spreads.quantile_value,
        cast(added.numerator as double) / cast(added.denominator as double),
        case when added.denominator is null then cast(added.numerator as double) end
    ) as value,
    cast(coalesce(added.sample_size, spreads.sample_size) as bigint) as sample_size,
    spreads.variance
from {{ ref('int_target_windows') }} as windows
inner join {{ ref('dim_kpi') }} as kpis on windows.measured_kpi_id = kpis.kpi_id
left join added
    on windows.target_id = added.target_id
    and windows.measured_kpi_id = added.measured_kpi_id
    and windows.window_name = added.window_name
left join spreads
    on windows.target_id = spreads.target_id
    and windows.measured_kpi_id = spreads.measured_kpi_id
    and windows.window_name = spreads.window_name
