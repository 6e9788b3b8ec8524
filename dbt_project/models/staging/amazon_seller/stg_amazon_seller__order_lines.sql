select
    'amazon_seller' as source,
    order_id,
    coalesce(sku, asin) || '/' || cast(line_no as varchar) as line_id,
    ordered_at,
    'amazon' as marketplace,
    case
        when item_status = 'Cancelled' or order_status = 'Cancelled' then 'cancelled'
        when order_status = 'Shipped - Delivered to Buyer' then 'delivered'
        when item_status = 'Shipped' or (item_status is null and order_status like 'Shipped%') then 'shipped'
        else 'open'
    end as status,
    coalesce(sku, asin) as product_id,
    cast(null as varchar) as product_category,
    cast(null as varchar) as sector,
    quantity,
    -- The price is that of the line: divided for what one piece costs, as it stands for what was paid.
    cast(item_price / nullif(quantity, 0) as decimal(18, 6)) as unit_price,
    item_price as line_amount,
    currency,
    cast(null as varchar) as customer_email_key,
    cast(null as varchar) as customer_id_key,
    case fulfillment_channel when 'Amazon' then 'marketplace' when 'AFN' then 'marketplace' when 'Merchant' then 'seller' when 'MFN' then 'seller' end
        as fulfilled_by,
    cast(null as timestamp) as ship_by,
    cast(null as timestamp) as shipped_at,
    cast(null as timestamp) as delivered_at,
    cast(null as timestamp) as cancelled_at,
    cast(null as varchar) as cancelled_by,
    last_updated_at as version_at,
    _load_no as load_no,
    _row_no as row_no
from {{ source('raw', 'amazon_seller__orders') }}
