with

run_settings as (
    select as_of from {{ source('control', 'run_settings') }}
),

picked as (
    select versions.*, run_settings.as_of
    from {{ ref('int_rating_versions') }} as versions
    cross join run_settings
    qualify {{ pick_version('source, rating_id') }}
)

select source, rating_id, rated_at, stars, marketplace, product_id, order_id, brand, counts_in_feedback
from picked
where rated_at <= as_of
