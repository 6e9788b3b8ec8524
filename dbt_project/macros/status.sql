{# Solved, in the sense of every KPI: the closing of a solved ticket is no second solve. #}
{% macro is_solved(status) -%}
    ({{ status }} in ('solved', 'closed'))
{%- endmacro %}
