{# Counting and adding: exact, in integers or decimals. #}
{% macro kpi_numerator(kpi) -%}
    {%- if kpi.get('numerator_sum') -%}
        sum(cast({{ kpi.numerator_sum }} as decimal(28, 6))) filter (where {{ kpi_condition(kpi, kpi.get('denominator')) }})
    {%- else -%}
        count(*) filter (where {{ kpi_condition(kpi, kpi.get('numerator')) }})
    {%- endif -%}
{%- endmacro %}

{% macro kpi_denominator(kpi) -%}
    {%- if kpi.get('denominator_sum') -%}
        sum(cast({{ kpi.denominator_sum }} as decimal(28, 6))) filter (where {{ kpi_condition(kpi) }})
    {%- elif kpi.get('denominator') -%}
        count(*) filter (where {{ kpi_condition(kpi, kpi.denominator) }})
    {%- else -%}
        cast(null as bigint)
    {%- endif -%}
{%- endmacro %}

{% macro kpi_sample(kpi) -%}
    {%- if kpi.get('sample') -%}
        sum({{ kpi.sample }}) filter (where {{ kpi_condition(kpi) }})
    {%- elif kpi.get('sample_distinct') -%}
        count(distinct coalesce({{ kpi.sample_distinct }}, '(none)')) filter (where {{ kpi_condition(kpi, kpi.get('denominator')) }})
    {%- else -%}
        count(*) filter (where {{ kpi_condition(kpi, kpi.get('denominator')) }})
    {%- endif -%}
{%- endmacro %}

{# The one currency of a cell's facts; null with several, or where a fact itself has none or several. #}
{% macro kpi_currency(kpi) -%}
    {%- set condition = kpi_condition(kpi) -%}
    case
        when min(coalesce({{ kpi.one_currency }}, '')) filter (where {{ condition }})
            = max(coalesce({{ kpi.one_currency }}, '')) filter (where {{ condition }})
        then min({{ kpi.one_currency }}) filter (where {{ condition }})
    end
{%- endmacro %}

{% macro kpi_condition(kpi, condition=none) -%}
    {%- set conditions = [] -%}
    {%- for part in [kpi.get('where'), condition] -%}
        {%- if part -%}{%- do conditions.append('(' ~ part ~ ')') -%}{%- endif -%}
    {%- endfor -%}
    {{ conditions | join(' and ') if conditions else 'true' }}
{%- endmacro %}
