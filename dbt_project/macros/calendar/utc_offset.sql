{# Seconds that a zone's local clock is ahead of UTC at an instant. #}
{% macro utc_offset(instant, zone) -%}
    date_diff('second', {{ instant }}, {{ local_time(instant, zone) }})
{%- endmacro %}
