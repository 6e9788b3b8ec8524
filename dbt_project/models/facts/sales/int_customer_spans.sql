{{ config(materialized='by_key', key=['customer_key'], touched='customers') }}

with

orders as (
    select
        row_number() over (order by ordered_at, marketplace, order_id) as order_no,
        ordered_on,
        customer_key,
        marketplace,
        sector,
        is_cross_sell,
        is_up_sell
    from {{ ref('fct_order') }}
    where customer_key is not null
        and not is_cancelled
),

-- A sector looks back as far as its setting says, everything else over 365 days.
sliced as (
    select 'all' as dimension, 'all' as dimension_value, 365 as window_days, orders.* from orders
    union all
    select 'marketplace', marketplace, 365, orders.* from orders
    union all
    select
        'sector',
        coalesce(orders.sector, '(none)'),
        cast(coalesce(sectors.repeat_window_days, 365) as integer),
        orders.*
    from orders
    left join {{ source('control', 'sectors') }} as sectors on orders.sector = sectors.sector
),

numbered as (
    select
        *,
        lag(ordered_on) over (partition by dimension, dimension_value, customer_key order by ordered_on, order_no) as previous_on
    from sliced
)

{{ customer_span('customers', 'numbered', 'ordered_on') }}
union all
{{ customer_span('repeat_customers', 'numbered', 'previous_on', 'previous_on is not null') }}
union all
{{ customer_span('cross_sell_customers', 'numbered', 'ordered_on', 'is_cross_sell') }}
union all
{{ customer_span('up_sell_customers', 'numbered', 'ordered_on', 'is_up_sell') }}
union all
select 'orders', dimension, dimension_value, customer_key, ordered_on, ordered_on + window_days from numbered
