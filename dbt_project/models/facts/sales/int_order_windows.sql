-- An order counts on the day it was placed and on the 59 after it.
with

orders as (
    select
        orders.marketplace,
        orders.ordered_on,
        cast(orders.is_defective as bigint) as is_defective,
        {{ local_date('run_settings.as_of', 'run_settings.time_zone') }} as last_day
    from {{ ref('fct_order') }} as orders
    cross join {{ source('control', 'run_settings') }} as run_settings
),

moves as (
    select marketplace, ordered_on as day, last_day, 1 as orders, is_defective as defective_orders from orders
    union all
    select marketplace, ordered_on + 60, last_day, -1, -is_defective from orders
)

select *
from ({{ standing_counts('moves', ['marketplace'], ['orders', 'defective_orders']) }}) as windows
where orders > 0
