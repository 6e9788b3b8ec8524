{{ config(materialized='by_key', key=['marketplace', 'order_id'], touched='orders') }}
{{ after('int_widened_sales') }}

with

lines as (
    select
        *,
        row_number() over (
            partition by marketplace, order_id order by is_cancelled, amount desc, line_id
        ) = 1 as is_dearest
    from {{ ref('int_order_lines') }}
),

orders as (
    select
        marketplace,
        order_id,
        min(ordered_at) as ordered_at,
        max(customer_email_key) as customer_email_key,
        max(customer_id_key) as customer_id_key,
        bool_and(is_cancelled) as is_cancelled,
        max(case when is_dearest then sector end) as sector,
        case when count(distinct currency) filter (where not is_cancelled) = 1 then max(currency) filter (where not is_cancelled) end
            as currency,
        coalesce(sum(amount) filter (where not is_cancelled), 0) as revenue
    from lines
    group by marketplace, order_id
),

-- E-mail beats the shop's id of the customer, and several addresses of one person are one customer.
known as (
    select
        orders.*,
        coalesce(customers.customer_key, orders.customer_email_key, orders.customer_id_key) as customer_key
    from orders
    left join {{ ref('int_customers') }} as customers on orders.customer_email_key = customers.person_key
)

select
    known.marketplace,
    known.order_id,
    known.ordered_at,
    known.customer_key,
    known.is_cancelled,
    known.sector,
    known.currency,
    known.revenue,
    coalesce(
        customer_key is not null
        and not is_cancelled
        and ordered_at > min(ordered_at) filter (where not is_cancelled) over (partition by customer_key),
        false
    ) as is_repeat,
    {{ local_date('known.ordered_at', 'run_settings.time_zone') }} as ordered_on
from known
cross join {{ source('control', 'run_settings') }} as run_settings
