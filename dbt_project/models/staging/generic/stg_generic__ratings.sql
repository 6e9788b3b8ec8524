select
    'generic' as source,
    rating_id,
    rated_at,
    stars,
    marketplace,
    product_id,
    order_id,
    brand,
    true as counts_in_feedback,
    updated_at as version_at,
    _load_no as load_no,
    _row_no as row_no
from {{ source('raw', 'generic__ratings') }}
