{# A quoted SQL literal. #}
{% macro literal(text) -%}
    '{{ text | replace("'", "''") }}'
{%- endmacro %}

{# The declaration as a reader sees it in dim_kpi: what is counted or added up over which facts. #}
{% macro kpi_formula(kpi) -%}
    {%- set among = ' of ' ~ kpi.facts ~ (' where ' ~ kpi.where if kpi.get('where') else '') -%}
    {%- if kpi.get('formula') -%}
        {{ kpi.formula }}
    {%- elif kpi.get('quantile') -%}
        quantile {{ kpi.quantile }} of {{ kpi.measure }}
    {%- elif kpi.get('numerator_sum') -%}
        sum({{ kpi.numerator_sum }})
        {%- if kpi.get('denominator_sum') %} / sum({{ kpi.denominator_sum }}){% elif kpi.get('denominator') %} / count({{ kpi.denominator }}){% endif %}
    {%- elif kpi.get('denominator') -%}
        count({{ kpi.get('numerator', 'true') }}) / count({{ kpi.denominator }})
    {%- else -%}
        count({{ kpi.get('numerator', 'true') }})
    {%- endif -%}
    {{ among }}
{%- endmacro %}
