{{ config(materialized='by_key', key=['order_id'], touched='order_numbers') }}
{{ after('int_touched_orders') }}

with

run_settings as (
    select as_of from {{ source('control', 'run_settings') }}
),

picked as (
    select
        versions.*,
        run_settings.as_of,
        coalesce(versions.version_at <= run_settings.as_of, true) as is_written
    from {{ ref('int_order_line_versions') }} as versions
    cross join run_settings
    qualify {{ pick_version('marketplace, order_id, line_id') }}
),

-- A status that a later instant explains is not yet so; of a row written later only its instants up to as_of are believed.
seen as (
    select
        *,
        status = 'cancelled' and coalesce(cancelled_at <= as_of, is_written) as is_cancelled,
        coalesce(delivered_at <= as_of, is_written and status = 'delivered')
            and coalesce(shipped_at <= as_of, true) as is_delivered,
        coalesce(shipped_at <= as_of, is_written and status in ('shipped', 'delivered')) as is_shipped
    from picked
    where ordered_at <= as_of
)

select
    source,
    marketplace,
    order_id,
    line_id,
    ordered_at,
    case
        when is_cancelled then 'cancelled'
        when is_delivered then 'delivered'
        when is_shipped then 'shipped'
        else 'open'
    end as status,
    is_cancelled,
    product_id,
    product_category,
    sector,
    quantity,
    unit_price,
    coalesce(line_amount, {{ exact_product('quantity', 'unit_price') }}) as amount,
    currency,
    customer_email_key,
    customer_id_key,
    fulfilled_by,
    ship_by,
    {{ unless_later('shipped_at', 'as_of') }} as shipped_at,
    {{ unless_later('delivered_at', 'as_of') }} as delivered_at,
    case when is_cancelled then cancelled_at end as cancelled_at,
    case when is_cancelled then cancelled_by end as cancelled_by
from seen
