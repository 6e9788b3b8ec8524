select
    ratings.product,
    max(ratings.rated_at) as last_rated_at,
    count(*) filter (
        where ratings.rated_on > {{ local_date('run_settings.as_of', 'run_settings.time_zone') }} - 90
    ) as review_count_90d
from {{ ref('fct_rating') }} as ratings
cross join {{ source('control', 'run_settings') }} as run_settings
where ratings.product is not null
group by ratings.product
