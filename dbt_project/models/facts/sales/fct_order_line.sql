{{ config(materialized='by_key', key=['marketplace', 'order_id'], touched='orders') }}

with

lines as (
    select
        lines.*,
        orders.ordered_at as order_placed_at,
        orders.ordered_on,
        orders.customer_key,
        orders.is_repeat
    from {{ ref('int_order_lines') }} as lines
    inner join {{ ref('int_orders') }} as orders
        on lines.marketplace = orders.marketplace
        and lines.order_id = orders.order_id
),

-- What a known customer bought of a category, oldest order first. Prices of another currency are none to beat.
bought as (
    select
        marketplace,
        order_id,
        line_id,
        order_placed_at = min(order_placed_at) over (partition by customer_key, product_category) as is_first_of_category,
        unit_price > max(unit_price) over (
            partition by customer_key, product_category, currency
            order by order_placed_at
            groups between unbounded preceding and 1 preceding
        ) as is_dearer_than_before
    from lines
    where customer_key is not null
        and product_category is not null
        and not is_cancelled
)

select
    lines.marketplace,
    lines.order_id,
    lines.line_id,
    lines.source,
    lines.order_placed_at as ordered_at,
    lines.ordered_on,
    lines.customer_key,
    lines.status,
    lines.is_cancelled,
    lines.product_id,
    lines.product_category,
    lines.sector,
    lines.quantity,
    lines.unit_price,
    lines.currency,
    case when lines.is_cancelled then 0 else lines.amount end as revenue,
    lines.fulfilled_by,
    lines.ship_by,
    lines.shipped_at,
    lines.delivered_at,
    lines.cancelled_at,
    lines.cancelled_by,
    coalesce(lines.is_repeat and bought.is_first_of_category, false) as is_cross_sell,
    coalesce(lines.is_repeat and bought.is_dearer_than_before, false) as is_up_sell
from lines
left join bought
    on lines.marketplace = bought.marketplace
    and lines.order_id = bought.order_id
    and lines.line_id = bought.line_id
