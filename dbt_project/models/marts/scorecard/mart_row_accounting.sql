select
    source,
    stream,
    file_name,
    content_hash,
    loaded_at,
    rows_read,
    rows_loaded,
    rows_duplicate,
    rows_rejected
from {{ source('control', 'row_accounting') }}
