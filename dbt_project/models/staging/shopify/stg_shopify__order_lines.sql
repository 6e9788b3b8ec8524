with

-- What is said of an order stands in its first row; of several exports of it the one loaded last counts.
orders as (
    select *
    from {{ source('raw', 'shopify__orders') }}
    where line_no = 1
    qualify row_number() over (partition by order_id order by _load_no desc, _row_no desc) = 1
)

select
    'shopify' as source,
    lines.order_id,
    cast(lines.line_no as varchar) as line_id,
    orders.ordered_at,
    'shop' as marketplace,
    case
        when orders.cancelled_at is not null then 'cancelled'
        when coalesce(lines.line_fulfillment_status, orders.fulfillment_status) = 'fulfilled' then 'shipped'
        else 'open'
    end as status,
    coalesce(lines.sku, lines.product_name) as product_id,
    cast(null as varchar) as product_category,
    cast(null as varchar) as sector,
    lines.quantity,
    lines.unit_price,
    cast(null as decimal(18, 6)) as line_amount,
    orders.currency,
    coalesce(lines.customer_email_key, orders.customer_email_key) as customer_email_key,
    cast(null as varchar) as customer_id_key,
    cast(null as varchar) as fulfilled_by,
    cast(null as timestamp) as ship_by,
    case when coalesce(lines.line_fulfillment_status, orders.fulfillment_status) = 'fulfilled' then orders.fulfilled_at end
        as shipped_at,
    cast(null as timestamp) as delivered_at,
    orders.cancelled_at,
    cast(null as varchar) as cancelled_by,
    cast(null as timestamp) as version_at,
    lines._load_no as load_no,
    lines._row_no as row_no
from {{ source('raw', 'shopify__orders') }} as lines
inner join orders on lines.order_id = orders.order_id
-- An order that the API tells is told by it alone: the two number lines in their own ways.
where not exists (
    select 1 from {{ source('raw', 'shopify__orders_api') }} as told where told.order_id = lines.order_id
)
