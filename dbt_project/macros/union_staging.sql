{#
    One canonical entity of all sources: the place where a new vendor is one name in a list.
    The staging models share their columns; `by name` fails on none that is missing but the contract
    tests of the unified models do.
#}
{% macro union_staging(entity, sources) -%}
    {%- for source_name in sources %}
    select * from {{ ref('stg_' ~ source_name ~ '__' ~ entity) }}
    {%- if not loop.last %}
    union all by name
    {%- endif -%}
    {%- endfor %}
{%- endmacro %}
