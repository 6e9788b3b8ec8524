with

by_month as (
    select
        source,
        'all' as scope,
        metric,
        unit,
        cast(date_trunc('month', created_on) as date) as window_start,
        cast(date_trunc('month', created_on) + interval 1 month - interval 1 day as date) as window_end,
        count(*) as compared,
        count(*) filter (where is_agreed) as agreed,
        cast(cast(sum(vendor_figure) as decimal(38, 6)) as double) / count(*) as vendor_value,
        cast(cast(sum(own_figure) as decimal(38, 6)) as double) / count(*) as own_value,
        cast(max(tolerance) as double) as tolerance,
        max(possible_reason) as possible_reason,
        min(contact_id) filter (where not is_agreed) as example
    from {{ ref('int_vendor_figures') }}
    group by source, metric, unit, date_trunc('month', created_on)
),

reports as (
    select
        reports.*,
        {{ local_date('reports.window_starts_at', 'run_settings.time_zone') }} as window_start,
        {{ local_date('reports.window_ends_at', 'run_settings.time_zone') }} - 1 as window_end
    from ({{ union_staging('account_reports') }}) as reports
    cross join {{ source('control', 'run_settings') }} as run_settings
    where reports.window_ends_at <= run_settings.as_of
),

-- Ours of the same days: defects are counted over 60 days on every day, the others day by day.
ours as (
    select
        reports.source,
        reports.account,
        reports.kpi_id,
        reports.window_start,
        reports.window_end,
        sum(series.numerator) as numerator,
        sum(series.denominator) as denominator
    from reports
    inner join {{ ref('mart_kpi_timeseries') }} as series
        on reports.kpi_id = series.kpi_id
        and series.grain = 'day'
        and series.dimension = 'marketplace'
        and reports.marketplace = series.dimension_value
        and series.period_start <= reports.window_end
        and series.period_start >= case
            when reports.kpi_id = 'order_defect_rate' then reports.window_end else reports.window_start
        end
    group by all
),

of_accounts as (
    select
        reports.source,
        reports.account as scope,
        reports.kpi_id as metric,
        'ratio' as unit,
        reports.window_start,
        reports.window_end,
        reports.denominator as compared,
        cast(null as bigint) as agreed,
        cast(reports.numerator as double) / reports.denominator as vendor_value,
        cast(ours.numerator as double) / ours.denominator as own_value,
        cast(0.001 as double) as tolerance,
        case
            when ours.denominator is null then 'we have no such orders, or their export does not say what the figure needs'
            else 'the vendor counts as of the day of the report, by its own days, and for each of its marketplaces'
        end as possible_reason,
        cast(null as varchar) as example
    from reports
    left join ours
        on reports.source = ours.source
        and reports.account is not distinct from ours.account
        and reports.kpi_id = ours.kpi_id
        and reports.window_start = ours.window_start
        and reports.window_end = ours.window_end
)

select
    source, scope, metric, unit, window_start, window_end, compared,
    coalesce(agreed, case when abs(vendor_value - own_value) <= tolerance then compared else 0 end) as agreed,
    vendor_value, own_value, vendor_value - own_value as difference, tolerance,
    case
        when agreed = compared or (agreed is null and abs(vendor_value - own_value) <= tolerance) then null
        else possible_reason
    end as reason,
    example
from (
    select * from by_month
    union all
    select * from of_accounts
) as found
