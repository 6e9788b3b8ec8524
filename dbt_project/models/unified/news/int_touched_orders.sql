{{ config(post_hook="{{ rows_of_the_world('order') }}") }}

{% if not is_news() %}{{ none_touched(['order_id']) }}{% else %}
-- Rows that the tables have not seen, and rows with an instant that as_of has reached since.
with

touched as (
    select order_id from ({{ fresh_ids('order') }}) as fresh
    union all
    select order_id
    from {{ ref('int_order_line_versions') }}
    where greatest(ordered_at, shipped_at, delivered_at, cancelled_at, version_at) > {{ seen_as_of() }}
)

select distinct order_id from touched where order_id is not null
{% endif %}
