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

{#
    The same order as one value, for max_by: where whole rows need not be sorted this takes less memory and time. Of versions
    seen the newest ranks highest, one without an instant lowest; of those unseen the oldest.
#}
{% macro version_rank(version_at='version_at', as_of='as_of') -%}
    (
        coalesce({{ version_at }} <= {{ as_of }}, true),
        case
            when {{ version_at }} > {{ as_of }} then -epoch_us({{ version_at }})
            else coalesce(epoch_us({{ version_at }}), cast(-9e18 as bigint))
        end,
        load_no,
        row_no
    )
{%- endmacro %}
