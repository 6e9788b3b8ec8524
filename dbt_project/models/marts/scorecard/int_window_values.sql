with

spreads as (
    select * from {{ ref('int_window_spreads') }}
),

-- Whatever can be added up comes from the daily rows of the window; days in several currencies have none of money.
added as (
    select
        windows.target_id,
        windows.measured_kpi_id,
        windows.window_name,
        sum(cast(series.numerator as decimal(38, 6))) as numerator,
        sum(cast(series.denominator as decimal(38, 6))) as denominator,
        sum(series.sample_size) as sample_size
    from {{ ref('int_windows') }} as windows
    inner join {{ ref('dim_kpi') }} as kpis
        on windows.measured_kpi_id = kpis.kpi_id
        and not kpis.is_one_currency
    inner join {{ ref('mart_kpi_timeseries') }} as series
        on windows.measured_kpi_id = series.kpi_id
        and windows.dimension = series.dimension
        and (windows.dimension_value = series.dimension_value) <> windows.is_rest
        and series.period_start between windows.first_day and windows.last_day
    where series.grain = 'day'
        and series.numerator is not null
        {%- for kpi in all_kpis() if kpi.get('minimum') %}
        and windows.measured_kpi_id <> '{{ kpi.kpi_id }}'
        {%- endfor %}
    group by windows.target_id, windows.measured_kpi_id, windows.window_name
),

-- A slice that is a share of all is divided by the rows over all, of every day of the window.
whole as (
    select
        windows.target_id,
        windows.measured_kpi_id,
        windows.window_name,
        sum(cast(series.denominator as decimal(38, 6))) as denominator,
        sum(series.sample_size) as sample_size
    from {{ ref('int_windows') }} as windows
    inner join {{ ref('dim_kpi') }} as kpis
        on windows.measured_kpi_id = kpis.kpi_id
        and list_contains(string_split(kpis.shares_of_all, ' '), windows.dimension)
    inner join {{ ref('mart_kpi_timeseries') }} as series
        on windows.measured_kpi_id = series.kpi_id
        and series.period_start between windows.first_day and windows.last_day
    where series.grain = 'day'
        and series.dimension = 'all'
    group by windows.target_id, windows.measured_kpi_id, windows.window_name
),

-- Where nothing was in the slice of a share of all, that share is 0.
summed as (
    select
        target_id,
        measured_kpi_id,
        window_name,
        coalesce(added.numerator, 0) as numerator,
        coalesce(whole.denominator, added.denominator) as denominator,
        coalesce(whole.sample_size, added.sample_size) as sample_size
    from added
    full join whole using (target_id, measured_kpi_id, window_name)
    union all
    select target_id, measured_kpi_id, window_name, numerator, denominator, sample_size from {{ ref('int_window_money') }}
    {{ kpi_window_counts(ref('int_windows'), {'int_employee_responses': ref('int_employee_responses')}) }}
)

select
    target_id,
    measured_kpi_id,
    windows.is_guardrail,
    window_name,
    kpis.unit,
    kpis.higher_is_better,
    cast(summed.numerator as double) as numerator,
    cast(summed.denominator as double) as denominator,
    coalesce(
        spreads.quantile_value,
        kpis.scale * cast(summed.numerator as double) / cast(summed.denominator as double),
        case when summed.denominator is null then cast(summed.numerator as double) end
    ) as value,
    cast(coalesce(summed.sample_size, spreads.sample_size) as bigint) as sample_size,
    spreads.variance
from {{ ref('int_windows') }} as windows
inner join {{ ref('dim_kpi') }} as kpis on windows.measured_kpi_id = kpis.kpi_id
left join summed using (target_id, measured_kpi_id, window_name)
left join spreads using (target_id, measured_kpi_id, window_name)
