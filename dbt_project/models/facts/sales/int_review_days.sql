with

-- A product's ratings are judged over all marketplaces, and inside each for the rows by marketplace.
sliced as (
    select 'all' as dimension, 'all' as dimension_value, product, rated_on from {{ ref('fct_rating') }}
    union all
    select 'product', product, product, rated_on from {{ ref('fct_rating') }}
    union all
    select 'marketplace', coalesce(marketplace, '(none)'), product, rated_on from {{ ref('fct_rating') }}
),

daily as (
    select dimension, dimension_value, product, rated_on as day, count(*) as ratings
    from sliced
    where product is not null
    group by dimension, dimension_value, product, rated_on
),

history as (
    select
        *,
        least(28, date_diff('day', min(day) over (partition by dimension, dimension_value, product), day)) as history_days,
        coalesce(sum(ratings) over (
            partition by dimension, dimension_value, product
            order by date_diff('day', date '1970-01-01', day)
            range between 28 preceding and 1 preceding
        ), 0) as ratings_before
    from daily
)

select
    dimension,
    dimension_value,
    product,
    day,
    ratings,
    history_days,
    cast(ratings_before as bigint) as ratings_before,
    case
        when history_days < 7 or ratings_before = 0 then false
        else {{ poisson_upper_tail('ratings', '(cast(ratings_before as double) / history_days)') }} < 0.001
    end as is_burst
from history
