{%- set metrics = [
    ('order_defect_rate', 'order_defects_seller'), ('order_defect_rate', 'order_defects_marketplace'),
    ('on_time_shipment_rate', 'late_shipment'), ('cancellation_rate', 'cancellation'),
] -%}
with

reports as (
    select *
    from {{ source('raw', 'amazon_seller__performance') }}
    qualify row_number() over (
        partition by marketplace_id, order_defects_seller_to, late_shipment_to, cancellation_to
        order by _load_no desc, _row_no desc
    ) = 1
),

counted as (
    {%- for kpi_id, name in metrics %}
    select
        '{{ kpi_id }}' as kpi_id, marketplace_id, {{ name }}_from as window_starts_at, {{ name }}_to as window_ends_at,
        {{ name }}_orders as orders,
        {% if name == 'late_shipment' %}{{ name }}_orders - {% endif %}{{ name }}_count as counted
    from reports
    where {{ name }}_orders > 0
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

-- Amazon tells defects of orders it ships and of those the seller ships apart.
select
    'amazon_seller' as source,
    'amazon' as marketplace,
    marketplace_id as account,
    kpi_id,
    window_starts_at,
    window_ends_at,
    cast(sum(counted) as bigint) as numerator,
    cast(sum(orders) as bigint) as denominator
from counted
group by marketplace_id, kpi_id, window_starts_at, window_ends_at
