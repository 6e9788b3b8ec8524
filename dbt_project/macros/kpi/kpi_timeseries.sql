{#
    All rows of one mart: its declared KPIs (macros/kpi/declarations.sql), by day, week and month, over all and by each of their dimensions.
    `facts` maps the names the declarations use to relations: {'fct_call': ref('fct_call')}.
#}
{% macro kpi_timeseries(declared, facts) %}
    {%- set kpis = expand_kpis(declared) -%}
    {%- set sums = kpi_groups(kpis | rejectattr('quantile', 'defined'), ['facts', 'period', 'at_end']) -%}
    {%- set quantiles = kpi_groups(kpis | selectattr('quantile', 'defined'), ['facts', 'period', 'where', 'measure', 'dimensions']) -%}
with

{% for group in sums -%}
cells_{{ loop.index }} as (
    {{ kpi_cells(group, facts[group[0].facts]) }}
),

{% endfor -%}
daily as (
    {%- for group in sums %}{% set cells = 'cells_' ~ loop.index %}
    {%- set last_group = loop.last %}
    {%- for kpi in group %}
    {{ kpi_daily_rows(kpi, cells, loop.index) }}
    {%- if not (last_group and loop.last) %}
    union all
    {%- endif %}
    {%- endfor %}
    {%- endfor %}
),

added as (
    select
        daily.kpi_id,
        grains.grain,
        cast(date_trunc(grains.grain, daily.kpi_day) as date) as period_start,
        daily.dimension,
        daily.dimension_value,
        sum(daily.numerator) as numerator,
        sum(daily.denominator) as denominator,
        sum(daily.sample_size) as sample_size
    from daily
    inner join (values ('day'), ('week'), ('month')) as grains (grain)
        on list_contains(string_split(daily.grains, ' '), grains.grain)
    group by all
)

select
    kpi_id,
    grain,
    period_start,
    dimension,
    dimension_value,
    cast(numerator as double) as numerator,
    cast(denominator as double) as denominator,
    {{ kpi_value(kpis) }} as value,
    {{ kpi_unit(kpis) }} as unit,
    cast(sample_size as bigint) as sample_size
from added
{%- for group in quantiles %}
union all
{{ kpi_quantile_rows(group, facts[group[0].facts]) }}
{%- endfor %}
{% endmacro %}

{# One pass over the facts of a group: numerator, denominator and sample of every KPI, per day and dimension value. #}
{% macro kpi_cells(group, relation) -%}
    {%- set dimensions = kpi_dimensions(group) -%}
    select
        kpi_day,
        case
            {%- for dimension in dimensions %}
            when grouping(by_{{ dimension }}) = 0 then '{{ dimension }}'
            {%- endfor %}
            else 'all'
        end as dimension,
        coalesce({% for dimension in dimensions %}by_{{ dimension }}, {% endfor %}'all') as dimension_value,
        {%- if group[0].get('at_end') %}
        bool_or(is_week_end) as is_week_end,
        bool_or(is_month_end) as is_month_end,
        {%- endif %}
        {%- for kpi in group %}
        {{ kpi_numerator(kpi) }} as numerator_{{ loop.index }},
        {{ kpi_denominator(kpi) }} as denominator_{{ loop.index }},
        {{ kpi_sample(kpi) }} as sample_{{ loop.index }}{{ ',' if not loop.last }}
        {%- endfor %}
    from (
        select
            *,
            {{ group[0].period }} as kpi_day
            {%- for dimension, column in dimensions.items() %},
            {{ dimension_value(dimension, column) }} as by_{{ dimension }}
            {%- endfor %}
        from {{ relation }}
        where {{ group[0].period }} is not null
    ) as facts
    group by grouping sets (
        (kpi_day)
        {%- for dimension in dimensions %}, (kpi_day, by_{{ dimension }}){% endfor %}
    )
{%- endmacro %}

{# The cells of one KPI: only its own dimensions, only where there is something to divide by. #}
{% macro kpi_daily_rows(kpi, cells, number) -%}
    select
        '{{ kpi.kpi_id }}' as kpi_id,
        kpi_day,
        dimension,
        dimension_value,
        {%- if kpi.get('at_end') %}
        'day' || case when is_week_end then ' week' else '' end || case when is_month_end then ' month' else '' end as grains,
        {%- else %}
        '{{ kpi.get('grains', ['day', 'week', 'month']) | join(' ') }}' as grains,
        {%- endif %}
        cast(numerator_{{ number }} as decimal(38, 6)) as numerator,
        cast(denominator_{{ number }} as decimal(38, 6)) as denominator,
        cast(sample_{{ number }} as bigint) as sample_size
    from {{ cells }}
    where {{ kpi_rows_condition(kpi) }}
        and {{ 'denominator_' ~ number if kpi.get('denominator') or kpi.get('denominator_sum') else 'sample_' ~ number }} > 0
{%- endmacro %}

{% macro kpi_rows_condition(kpi) -%}
    {%- set names = [] if kpi.get('without_all') else ['all'] -%}
    dimension in ('{{ (names + kpi.dimensions) | join("', '") }}')
    {%- for dimension in kpi.get('skip_none', []) %}
        and not (dimension = '{{ dimension }}' and dimension_value = '(none)')
    {%- endfor %}
{%- endmacro %}

{% macro kpi_value(kpis) -%}
    case
        when denominator is null then cast(numerator as double)
        {%- for kpi in kpis if kpi.get('scale') %}
        when kpi_id = '{{ kpi.kpi_id }}' then {{ kpi.scale }} * cast(numerator as double) / cast(denominator as double)
        {%- endfor %}
        else cast(numerator as double) / cast(denominator as double)
    end
{%- endmacro %}

{% macro kpi_unit(kpis) -%}
    case kpi_id
        {%- for kpi in kpis if not kpi.get('quantile') %}
        when '{{ kpi.kpi_id }}' then '{{ kpi.unit }}'
        {%- endfor %}
    end
{%- endmacro %}

{# Medians and percentiles cannot be added up: one pass over the facts for every grain. #}
{% macro kpi_quantile_rows(group, relation) -%}
    {%- set dimensions = kpi_dimensions(group) -%}
    select
        kpis.kpi_id,
        cells.grain,
        cells.period_start,
        cells.dimension,
        cells.dimension_value,
        cast(null as double) as numerator,
        cast(null as double) as denominator,
        case kpis.kpi_id
            {%- for kpi in group %}
            when '{{ kpi.kpi_id }}' then cells.value_{{ loop.index }}
            {%- endfor %}
        end as value,
        '{{ group[0].unit }}' as unit,
        cells.sample_size
    from (
        select
            grain,
            period_start,
            case
                {%- for dimension in dimensions %}
                when grouping(by_{{ dimension }}) = 0 then '{{ dimension }}'
                {%- endfor %}
                else 'all'
            end as dimension,
            coalesce({% for dimension in dimensions %}by_{{ dimension }}, {% endfor %}'all') as dimension_value,
            {%- for kpi in group %}
            quantile_cont(measure, {{ kpi.quantile }}) as value_{{ loop.index }},
            {%- endfor %}
            count(*) as sample_size
        from (
            select
                grains.grain,
                cast(date_trunc(grains.grain, {{ group[0].period }}) as date) as period_start,
                cast({{ group[0].measure }} as double) as measure
                {%- for dimension, column in dimensions.items() %},
                {{ dimension_value(dimension, column) }} as by_{{ dimension }}
                {%- endfor %}
            from {{ relation }}
            cross join (values ('day'), ('week'), ('month')) as grains (grain)
            where {{ group[0].period }} is not null
                and {{ group[0].measure }} is not null
                and {{ kpi_condition(group[0]) }}
        ) as facts
        group by grouping sets (
            (grain, period_start)
            {%- for dimension in dimensions %}, (grain, period_start, by_{{ dimension }}){% endfor %}
        )
    ) as cells
    cross join (values {% for kpi in group %}('{{ kpi.kpi_id }}'){{ ', ' if not loop.last }}{% endfor %}) as kpis (kpi_id)
{%- endmacro %}
