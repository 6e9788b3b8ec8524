{#
    Intervals of agents' days: cutting them where the local day changes. What an interval means, and which of several
    counts, stands in the models of unified/workforce.
#}

{# The rows of `intervals` once per local day they touch, with local_day, piece_starts_at and piece_ends_at. #}
{% macro cut_at_midnight(intervals) -%}
    select
        intervals.* exclude (nearby_day),
        days.local_day,
        greatest(intervals.starts_at, days.starts_at) as piece_starts_at,
        least(intervals.ends_at, days.ends_at) as piece_ends_at
    from (
        -- No zone is a whole day away from UTC.
        -- Sick until the year 9999 is a day for each day of the project, not eight thousand years of them.
        select
            whole.*,
            cast(unnest(generate_series(
                greatest(cast(whole.starts_at as date) - 1, bounds.first_day),
                least(cast(whole.ends_at as date) + 1, bounds.last_day),
                interval 1 day
            )) as date) as nearby_day
        from {{ intervals }} as whole
        cross join (
            select min(local_day) as first_day, max(local_day) as last_day from {{ ref('int_local_days') }}
        ) as bounds
        where whole.starts_at < whole.ends_at
    ) as intervals
    inner join {{ ref('int_local_days') }} as days
        on intervals.nearby_day = days.local_day
        and intervals.starts_at < days.ends_at
        and intervals.ends_at > days.starts_at
{%- endmacro %}
