with

-- Every line of an order tells all of its refunds.
told as (
    select
        order_id,
        updated_at,
        _load_no,
        _row_no,
        unnest(from_json(refunds, '[{"id": "VARCHAR", "created_at": "BIGINT"}]')) as refund
    from {{ source('raw', 'shopify__orders_api') }}
    where is_test is distinct from true
)

select
    'shopify' as source,
    refund.id as remedy_id,
    'refund' as remedy_type,
    make_timestamp(refund.created_at * 1000000) as delivered_at,
    cast(null as varchar) as ticket_id,
    order_id,
    updated_at as version_at,
    _load_no as load_no,
    _row_no as row_no
from told
