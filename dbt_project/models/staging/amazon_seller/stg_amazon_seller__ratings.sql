select
    'amazon_seller' as source,
    feedback.order_id as rating_id,
    {{ local_midnight('feedback.rated_on', 'coalesce(sources.time_zone, run_settings.time_zone)') }} as rated_at,
    feedback.stars,
    'amazon' as marketplace,
    cast(null as varchar) as product_id,
    feedback.order_id,
    cast(null as varchar) as brand,
    -- The report holds one to three stars only.
    false as counts_in_feedback,
    cast(null as timestamp) as version_at,
    feedback._load_no as load_no,
    feedback._row_no as row_no
from {{ source('raw', 'amazon_seller__feedback') }} as feedback
cross join {{ source('control', 'run_settings') }} as run_settings
left join {{ source('control', 'source_settings') }} as sources on sources.source = 'amazon_seller'
