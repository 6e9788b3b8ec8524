{#
    What cannot be added up from daily rows, from the facts themselves, for every target window: the spread of means
    (for Welch's test) and medians and percentiles. `windows` is int_windows, `facts` as in kpi_timeseries.
#}
{% macro kpi_window_spreads(windows, facts) %}
    {%- if not execute -%}{{ return('select 1') }}{%- endif -%}
    {%- set found = [] -%}
    {%- for kpi in all_kpis() if kpi.get('quantile') or (kpi.unit != 'ratio' and kpi.get('numerator_sum') and kpi.get('denominator')) -%}
        {%- if kpi.facts not in facts -%}
            {{ exceptions.raise_compiler_error('int_window_spreads.sql: add ' ~ kpi.facts ~ ', the facts of ' ~ kpi.kpi_id) }}
        {%- endif -%}
        {%- do found.append(kpi) -%}
    {%- endfor -%}
    {%- for kpi in found %}
    {%- set measure = kpi.measure if kpi.get('quantile') else kpi.numerator_sum %}
    select
        windows.target_id,
        windows.measured_kpi_id,
        windows.window_name,
        count(*) as sample_size,
        -- In a fixed order: floating point, added up by several threads, differs in its last digit from night to night.
        var_samp({{ kpi.get('scale', 1) }} * cast({{ measure }} as double) order by {{ measure }}) as variance,
        {% if kpi.get('quantile') -%}
        quantile_cont(cast({{ measure }} as double), {{ kpi.quantile }})
        {%- else -%}
        cast(null as double)
        {%- endif %} as quantile_value
    from {{ windows }} as windows
    inner join {{ facts[kpi.facts] }} as facts
        on facts.{{ kpi.period }} between windows.first_day and windows.last_day
    where windows.measured_kpi_id = '{{ kpi.kpi_id }}'
        and {{ kpi_condition(kpi, kpi.get('denominator')) }}
        and {{ measure }} is not null
        and {{ kpi_is_in_window(kpi) }}
    group by windows.target_id, windows.measured_kpi_id, windows.window_name
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{% endmacro %}

{# Cells of few facts are not published, so their days are not added up either: a window is counted from the facts, and is a
   cell itself. Continues a union. #}
{% macro kpi_window_counts(windows, facts) %}
    {%- for kpi in all_kpis() if kpi.get('minimum') %}
    union all
    select
        windows.target_id,
        windows.measured_kpi_id,
        windows.window_name,
        {{ kpi_numerator(kpi) }} as numerator,
        {{ kpi_denominator(kpi) }} as denominator,
        {{ kpi_sample(kpi) }} as sample_size
    from {{ windows }} as windows
    inner join {{ facts[kpi.facts] }} as facts
        on facts.{{ kpi.period }} between windows.first_day and windows.last_day
    where windows.measured_kpi_id = '{{ kpi.kpi_id }}'
        and {{ kpi_is_in_window(kpi) }}
    group by windows.target_id, windows.measured_kpi_id, windows.window_name
    having {{ kpi_sample(kpi) }} >= {{ kpi.minimum }}
    {%- endfor %}
{% endmacro %}

{# The scopes, as 'kpi_id dimension', in which all facts of a KPI lie anyway. #}
{% macro kpis_lying_in() -%}
    {%- set found = [''] -%}
    {%- for kpi in all_kpis() -%}
        {%- for dimension in kpi.get('lies_in', {}) -%}{%- do found.append(kpi.kpi_id ~ ' ' ~ dimension) -%}{%- endfor -%}
    {%- endfor -%}
    '{{ found | join("', '") }}'
{%- endmacro %}

{# Whether a fact lies in the slice of a window. #}
{% macro kpi_is_in_window(kpi) -%}
    case windows.dimension
            when 'all' then true
            {%- for dimension, column in kpi_dimensions([kpi]).items() %}
            when '{{ dimension }}' then ({{ dimension_value(dimension, 'facts.' ~ column) }} = windows.dimension_value) <> windows.is_rest
            {%- endfor %}
            else false
        end
{%- endmacro %}

{% macro holds(value, comparator, target) -%}
    case {{ comparator }}
        when '>=' then {{ value }} >= {{ target }}
        when '>' then {{ value }} > {{ target }}
        when '<=' then {{ value }} <= {{ target }}
        when '<' then {{ value }} < {{ target }}
    end
{%- endmacro %}
