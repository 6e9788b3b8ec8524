{{ config(materialized='by_key', key=['marketplace', 'order_id'], touched='orders') }}

with

-- Judged by its shipping: an order all of whose lines that are not cancelled the seller sends, with a promise for each.
line_facts as (
    select
        marketplace,
        order_id,
        case when bool_and(is_to_ship) filter (where not is_cancelled) then max(ship_by) filter (where is_to_ship) end
            as ship_due_at,
        case
            when bool_and(is_to_ship) filter (where not is_cancelled)
                then bool_and(coalesce(shipped_at <= ship_by, false)) filter (where is_to_ship)
        end as is_shipped_on_time,
        count(shipped_at) > 0 as is_shipped,
        coalesce(bool_or(cancelled_by = 'seller'), false) as is_any_by_seller,
        bool_and(coalesce(cancelled_by = 'system', false)) as is_all_by_system,
        bool_or(is_cross_sell) as is_cross_sell,
        bool_or(is_up_sell) as is_up_sell
    from (
        select *, not is_cancelled and coalesce(fulfilled_by = 'seller', false) and ship_by is not null as is_to_ship
        from {{ ref('fct_order_line') }}
    ) as lines
    group by marketplace, order_id
),

-- A rating that names no marketplace is of the order with its number, wherever that was placed.
defects as (
    select distinct orders.marketplace, orders.order_id
    from {{ ref('int_orders') }} as orders
    inner join {{ ref('int_order_complaints') }} as complaints
        on orders.order_id = complaints.order_id
        and orders.marketplace = coalesce(complaints.marketplace, orders.marketplace)
)

select
    orders.marketplace,
    orders.order_id,
    orders.ordered_at,
    orders.ordered_on,
    orders.customer_key,
    orders.sector,
    orders.currency,
    orders.revenue,
    orders.is_cancelled,
    orders.is_cancelled
    and not line_facts.is_shipped
    and (line_facts.is_any_by_seller or line_facts.is_all_by_system) as is_cancelled_by_shop,
    orders.is_repeat,
    case when orders.is_repeat then orders.revenue else 0 end as repeat_revenue,
    line_facts.is_cross_sell,
    line_facts.is_up_sell,
    defects.order_id is not null as is_defective,
    line_facts.ship_due_at,
    {{ local_date('line_facts.ship_due_at', 'run_settings.time_zone') }} as ship_due_on,
    coalesce(line_facts.ship_due_at <= run_settings.as_of, false) as is_shipment_due,
    line_facts.is_shipped_on_time
from {{ ref('int_orders') }} as orders
inner join line_facts
    on orders.marketplace = line_facts.marketplace
    and orders.order_id = line_facts.order_id
left join defects
    on orders.marketplace = defects.marketplace
    and orders.order_id = defects.order_id
cross join {{ source('control', 'run_settings') }} as run_settings
