{{ config(post_hook="{{ tables_of_the_wide_world(['order_numbers']) }}") }}

{% if not is_news() %}{{ none_touched(['kind', 'marketplace', 'id']) }}{% else %}
with

lines as (
    select
        lines.marketplace,
        lines.order_id,
        lines.customer_email_key,
        coalesce(customers.customer_key, lines.customer_email_key, lines.customer_id_key) as customer_key
    from {{ ref('int_order_lines') }} as lines
    left join {{ ref('int_customers') }} as customers on lines.customer_email_key = customers.person_key
),

stood as (
    select marketplace, order_id, customer_key, ship_due_at from {{ standing('fct_order') }}
),

numbers as (
    select order_id from {{ ref('int_touched_orders') }}
    union
    select order_id from {{ changed('int_order_complaints') }}
),

begun as (
    select marketplace, order_id from lines where order_id in (select order_id from numbers)
    union
    select marketplace, order_id from stood where order_id in (select order_id from numbers)
    union
    select lines.marketplace, lines.order_id
    from lines
    inner join {{ changed('int_customers') }} as changed on lines.customer_email_key = changed.person_key
    -- What time alone may change: shipments that were not yet due.
    union
    select marketplace, order_id from stood where ship_due_at > {{ seen_as_of() }}
),

-- Whom these orders are of, by any of their lines, and whom they were of until now.
customers as (
    select customer_key from lines where (marketplace, order_id) in (select marketplace, order_id from begun)
    union
    select customer_key from stood where (marketplace, order_id) in (select marketplace, order_id from begun)
)

select 'order' as kind, marketplace, order_id as id from begun
union
select 'order', marketplace, order_id from stood where customer_key in (select customer_key from customers)
union
select 'customer', 'any', customer_key from customers where customer_key is not null
{% endif %}
