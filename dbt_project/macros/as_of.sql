{# What an export says about an instant after as_of is not seen: null. #}
{% macro unless_later(instant, as_of) -%}
    case when {{ instant }} <= {{ as_of }} then {{ instant }} end
{%- endmacro %}

{# The version that counts at as_of: the latest written by then, else the oldest; then the load order decides. #}
{% macro pick_version(key, version_at='version_at', as_of='as_of') -%}
    row_number() over (
        partition by {{ key }}
        order by
            coalesce({{ version_at }} <= {{ as_of }}, true) desc,
            case when {{ version_at }} <= {{ as_of }} then {{ version_at }} end desc nulls last,
            {{ version_at }} asc nulls last,
            load_no desc,
            row_no desc
    ) = 1
{%- endmacro %}
