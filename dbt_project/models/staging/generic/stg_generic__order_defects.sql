select
    'generic' as source,
    order_id,
    marketplace,
    defect_type,
    status,
    opened_at,
    updated_at as version_at,
    _load_no as load_no,
    _row_no as row_no
from {{ source('raw', 'generic__order_defects') }}
