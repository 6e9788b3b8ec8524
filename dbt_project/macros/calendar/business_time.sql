{#
    Business time without fan-out. A calendar's time is cut into open and closed pieces with the open seconds before
    each (int_calendar_days); an instant finds its piece by an equality on calendar and UTC day, and the business
    seconds between two instants are the difference of two positions. What belongs here: reading calendars. Building
    them is the work of models/unified/calendar. Usage, for any number of instants in one select:

        select {{ business_seconds('calls.queued_at', 'calls.answered_at', 'opened', 'closed') }} as wait_business_seconds,
               {{ is_outside_hours('opened') }} as is_outside_hours
        from calls
        {{ join_business_time('calls.calendar_id', 'calls.queued_at', 'opened') }}
        {{ join_business_time('calls.calendar_id', 'calls.answered_at', 'closed') }}

    A calendar that is null or has no rules is 24/7. A null instant gives null.
#}

{# Joins the piece of the calendar that holds the instant, as `alias`: exactly one row or none. #}
{% macro join_business_time(calendar, instant, alias) -%}
    left join {{ ref('int_calendar_range') }} as {{ alias }}_range on true
    left join {{ ref('int_calendar_days') }} as {{ alias }}
        on {{ calendar }} = {{ alias }}.calendar_id
        and least(greatest(cast({{ instant }} as date), {{ alias }}_range.first_day), {{ alias }}_range.last_day)
        = {{ alias }}.utc_day
        and {{ instant }} >= {{ alias }}.starts_at
        and {{ instant }} < {{ alias }}.ends_at
{%- endmacro %}

{# Open seconds from one instant to another of the same calendar, DECIMAL(18,6); negative when they are in reverse. #}
{% macro business_seconds(starts_at, ends_at, start_alias, end_alias) -%}
    cast(
        case
            when {{ start_alias }}.calendar_id is null or {{ end_alias }}.calendar_id is null
                then {{ seconds_between(starts_at, ends_at) }}
            else
                {{ end_alias }}.open_seconds_before - {{ start_alias }}.open_seconds_before
                + case when {{ end_alias }}.is_open then {{ seconds_between(end_alias ~ '.starts_at', ends_at) }} else 0 end
                - case when {{ start_alias }}.is_open then {{ seconds_between(start_alias ~ '.starts_at', starts_at) }} else 0 end
        end as decimal(18, 6)
    )
{%- endmacro %}

{# True when the joined instant lies in no interval [opens, closes) of its calendar; never true without a calendar. #}
{% macro is_outside_hours(alias) -%}
    not coalesce({{ alias }}.is_open, true)
{%- endmacro %}
