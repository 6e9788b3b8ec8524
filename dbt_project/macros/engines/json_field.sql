{# The value of a field of a JSON object as text; `key` is a column, whatever stands in it. #}
{% macro json_field(object, key) -%}
    {{ adapter.dispatch('json_field')(object, key) }}
{%- endmacro %}

{% macro default__json_field(object, key) -%}
    json_extract_string({{ object }}, '$."' || {{ key }} || '"')
{%- endmacro %}

{% macro spark__json_field(object, key) -%}
    try_element_at(from_json({{ object }}, 'map<string, string>'), {{ key }})
{%- endmacro %}
