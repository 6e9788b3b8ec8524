select
    'generic' as source,
    remedy_id,
    remedy_type,
    delivered_at,
    ticket_id,
    order_id,
    updated_at as version_at,
    _load_no as load_no,
    _row_no as row_no
from {{ source('raw', 'generic__remedies') }}
