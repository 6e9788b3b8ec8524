{#
    Counts over a sliding window without a row per event and day: an event moves its count by +1 on the day it enters the
    window and by -1 on the day it has left it. The running sum stands until the next day with moves.
    `moves`: relation with `keys`, `day`, `last_day` (where the rows end) and one column per name of `counts`.
    Gives one row per keys and day, from the first move of the keys on.
#}
{% macro standing_counts(moves, keys, counts) -%}
    select
        {%- for key in keys %}
        standing.{{ key }},
        {%- endfor %}
        cast(days.day as date) as day,
        {%- for name in counts %}
        standing.{{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from (
        select
            {{ keys | join(', ') }},
            day,
            last_day,
            lead(day) over (partition by {{ keys | join(', ') }} order by day) as next_day,
            {%- for name in counts %}
            cast(sum(sum({{ name }})) over (partition by {{ keys | join(', ') }} order by day) as bigint) as {{ name }}
            {{- ',' if not loop.last }}
            {%- endfor %}
        from {{ moves }}
        where day <= last_day
        group by {{ keys | join(', ') }}, day, last_day
    ) as standing
    cross join lateral (
        -- As far back as calendars reach: one order of the year 1 is no window for two thousand years.
        select unnest(generate_series(
            greatest(standing.day, cast(standing.last_day - interval 30 year as date)),
            coalesce(standing.next_day - 1, standing.last_day),
            interval 1 day
        )) as day
    ) as days
{%- endmacro %}

{#
    Stretches of days [from_day, until_day) on which a customer counts: from one of their orders to the next, or as far as
    the window that opens on the day `counts_from` reaches. Stretches of one customer do not overlap.
#}
{% macro customer_span(kind, orders, counts_from, condition='true') -%}
    select
        '{{ kind }}' as kind,
        dimension,
        dimension_value,
        customer_key,
        ordered_on as from_day,
        least(counts_until, coalesce(next_on, counts_until)) as until_day
    from (
        select
            *,
            {{ counts_from }} + window_days as counts_until,
            lead(ordered_on) over customers_orders as next_on
        from {{ orders }}
        where {{ condition }}
        window customers_orders as (
            partition by dimension, dimension_value, customer_key order by ordered_on, order_no
        )
    ) as orders
    where ordered_on < least(counts_until, coalesce(next_on, counts_until))
{%- endmacro %}
