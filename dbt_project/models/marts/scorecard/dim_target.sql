select
    target_id,
    kpi_id,
    coalesce(dimension, 'all') as dimension,
    coalesce(dimension_value, 'all') as dimension_value,
    window_days,
    comparator,
    cast(target as double) as target,
    cast(warn_at as double) as warn_at,
    severity,
    effective_from,
    effective_to,
    source,
    row_no
from {{ source('control', 'cfg_targets') }}
