select
    ratings.source,
    ratings.rating_id,
    ratings.rated_at,
    {{ local_date('ratings.rated_at', 'run_settings.time_zone') }} as rated_on,
    ratings.stars,
    ratings.stars <= 2 as is_negative,
    ratings.stars >= 4 as is_positive,
    ratings.marketplace,
    ratings.product_id as product,
    ratings.brand,
    ratings.order_id,
    ratings.counts_in_feedback
from {{ ref('int_ratings') }} as ratings
cross join {{ source('control', 'run_settings') }} as run_settings
