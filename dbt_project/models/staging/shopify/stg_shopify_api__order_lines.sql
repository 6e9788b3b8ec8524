select
    'shopify' as source,
    order_id,
    line_id,
    ordered_at,
    'shop' as marketplace,
    case
        when cancelled_at is not null then 'cancelled'
        when coalesce(line_fulfillment_status, fulfillment_status) = 'fulfilled' then 'shipped'
        else 'open'
    end as status,
    coalesce(sku, product_name) as product_id,
    cast(null as varchar) as product_category,
    cast(null as varchar) as sector,
    quantity,
    unit_price,
    cast(null as decimal(18, 6)) as line_amount,
    currency,
    customer_email_key,
    cast(null as varchar) as customer_id_key,
    cast(null as varchar) as fulfilled_by,
    cast(null as timestamp) as ship_by,
    case when coalesce(line_fulfillment_status, fulfillment_status) = 'fulfilled' then shipped_at end as shipped_at,
    cast(null as timestamp) as delivered_at,
    cancelled_at,
    case
        when cancelled_at is null then null
        when cancel_reason = 'customer' then 'buyer'
        when cancel_reason in ('inventory', 'staff') then 'seller'
        when cancel_reason in ('declined', 'fraud') then 'system'
    end as cancelled_by,
    updated_at as version_at,
    _load_no as load_no,
    _row_no as row_no
from {{ source('raw', 'shopify__orders_api') }}
where is_test is distinct from true
