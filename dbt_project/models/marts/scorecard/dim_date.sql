with

bounds as (
    select
        least(
            (select min(arrived_on) from {{ ref('fct_contact') }}),
            {{ local_date('as_of', 'time_zone') }}
        ) as first_day,
        {{ local_date('as_of', 'time_zone') }} as last_day
    from {{ source('control', 'run_settings') }}
),

days as (
    select cast(unnest(generate_series(first_day, last_day, interval 1 day)) as date) as date_day from bounds
)

select
    date_day,
    cast(date_trunc('week', date_day) as date) as week_start,
    cast(date_trunc('month', date_day) as date) as month_start,
    cast(isodow(date_day) as bigint) as weekday,
    cast(year(date_day) as bigint) as year,
    cast(month(date_day) as bigint) as month_of_year
from days
