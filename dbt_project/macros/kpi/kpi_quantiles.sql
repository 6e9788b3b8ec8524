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
            when '{{ kpi.kpi_id }}' then cells.quantiles[{{ loop.index }}]
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
            -- All at once: each call of its own would keep all values of all cells in memory.
            quantile_cont(measure, [{{ group | map(attribute='quantile') | join(', ') }}]) as quantiles,
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
