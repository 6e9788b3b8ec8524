{#
    Time in the reporting zone. Instants are TIMESTAMP in UTC everywhere; only these macros know how an engine
    turns one into local time. `zone` is a column or literal holding an IANA name.
#}

{% macro local_time(instant, zone) -%}
    {{ adapter.dispatch('local_time')(instant, zone) }}
{%- endmacro %}

{% macro default__local_time(instant, zone) -%}
    timezone({{ zone }}, ({{ instant }}) at time zone 'UTC')
{%- endmacro %}

{% macro spark__local_time(instant, zone) -%}
    cast(from_utc_timestamp({{ instant }}, {{ zone }}) as timestamp)
{%- endmacro %}

{% macro local_date(instant, zone) -%}
    cast({{ local_time(instant, zone) }} as date)
{%- endmacro %}

{#
    The instant, in UTC, at which a date begins in a zone. Where clocks go back at one o'clock it has two midnights, and
    begins at the first, which is of the offset before: DuckDB gives the last. Without a midnight it begins an hour later.
#}
{% macro local_midnight(day, zone) -%}
    {{ adapter.dispatch('local_midnight')(day, zone) }}
{%- endmacro %}

{% macro default__local_midnight(day, zone) -%}
    {%- set midnight = 'cast(' ~ day ~ ' as timestamp)' -%}
    {%- set last = "timezone('UTC', timezone(" ~ zone ~ ', ' ~ midnight ~ '))' -%}
    {%- set before = '(' ~ last ~ ' - interval 12 hour)' -%}
    {%- set first = '(' ~ midnight ~ ' - (' ~ local_time(before, zone) ~ ' - ' ~ before ~ '))' -%}
    case when {{ local_time(first, zone) }} = {{ midnight }} then {{ first }} else {{ last }} end
{%- endmacro %}

{% macro spark__local_midnight(day, zone) -%}
    cast(to_utc_timestamp(cast({{ day }} as timestamp), {{ zone }}) as timestamp)
{%- endmacro %}

{% macro local_hour(instant, zone) -%}
    cast(hour({{ local_time(instant, zone) }}) as varchar)
{%- endmacro %}

{% macro local_weekday(instant, zone) -%}
    cast(isodow({{ local_time(instant, zone) }}) as varchar)
{%- endmacro %}

{# Elapsed seconds from one instant to another, exact to the microsecond: DECIMAL(18,6). #}
{% macro seconds_between(starts_at, ends_at) -%}
    cast(cast(epoch_us({{ ends_at }}) - epoch_us({{ starts_at }}) as decimal(18, 0)) * 0.000001 as decimal(18, 6))
{%- endmacro %}

{% macro add_seconds(instant, seconds) -%}
    ({{ instant }} + to_microseconds(cast(cast({{ seconds }} as decimal(38, 6)) * 1000000 as bigint)))
{%- endmacro %}
