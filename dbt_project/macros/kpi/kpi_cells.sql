{# One pass over the facts of a group: numerator, denominator and sample of every KPI, per day and dimension value. #}
{% macro kpi_cells(group, relation) -%}
    {%- set sliced = group[0].get('sliced', false) -%}
    {%- set dimensions = {} if sliced else kpi_dimensions(group) -%}
    select
        kpi_day,
        {%- if sliced %}
        dimension,
        dimension_value,
        {%- else %}
        case
            {%- for dimension in dimensions %}
            when grouping(by_{{ dimension }}) = 0 then '{{ dimension }}'
            {%- endfor %}
            else 'all'
        end as dimension,
        coalesce({% for dimension in dimensions %}by_{{ dimension }}, {% endfor %}'all') as dimension_value,
        {%- endif %}
        {%- if group[0].get('at_end') %}
        bool_or(is_week_end) as is_week_end,
        bool_or(is_month_end) as is_month_end,
        {%- endif %}
        {%- for kpi in group %}
        {%- if kpi.get('one_currency') %}
        {{ kpi_currency(kpi) }} as currency_{{ loop.index }},
        {%- endif %}
        {{ kpi_numerator(kpi) }} as numerator_{{ loop.index }},
        {{ kpi_denominator(kpi) }} as denominator_{{ loop.index }},
        {{ kpi_sample(kpi) }} as sample_{{ loop.index }}{{ ',' if not loop.last }}
        {%- endfor %}
    from (
        select
            *,
            {{ group[0].period }} as kpi_day
            {%- for dimension, column in dimensions.items() %},
            {{ dimension_value(dimension, column, group[0].get('skip_none', [])) }} as by_{{ dimension }}
            {%- endfor %}
        from {{ relation }}
        where {{ group[0].period }} is not null
    ) as facts
    {%- if sliced %}
    group by kpi_day, dimension, dimension_value
    {%- else %}
    group by grouping sets (
        (kpi_day)
        {%- for dimension in dimensions %}, (kpi_day, by_{{ dimension }}){% endfor %}
    )
    {%- endif %}
{%- endmacro %}

{# The cells of one KPI: only its own dimensions, only where there is something to divide by. #}
{% macro kpi_daily_rows(kpi, cells, number, with_currency=false) -%}
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
        {%- if with_currency %}
        {{ 'currency_' ~ number if kpi.get('one_currency') else "'any'" }} as currency,
        {%- endif %}
        cast(numerator_{{ number }} as decimal(38, 6)) as numerator,
        cast(denominator_{{ number }} as decimal(38, 6)) as denominator,
        cast(sample_{{ number }} as bigint) as sample_size
    from {{ cells }}
    where {{ kpi_rows_condition(kpi) }}
        {%- set is_divided = (kpi.get('denominator') or kpi.get('denominator_sum')) and not kpi.get('one_currency') %}
        and {{ 'denominator_' ~ number if is_divided else 'sample_' ~ number }} > 0
{%- endmacro %}

{% macro kpi_rows_condition(kpi) -%}
    {%- set names = [] if kpi.get('without_all') else ['all'] -%}
    dimension in ('{{ (names + kpi.dimensions) | join("', '") }}')
    {%- for dimension in kpi.get('skip_none', []) %}
        and not (dimension = '{{ dimension }}' and dimension_value = '(no row)')
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
