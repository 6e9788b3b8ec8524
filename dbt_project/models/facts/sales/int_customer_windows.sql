{%- set kinds = ['customers', 'repeat_customers', 'cross_sell_customers', 'up_sell_customers', 'orders'] -%}
with

moves as (
    select
        dimension,
        dimension_value,
        day,
        {{ local_date('run_settings.as_of', 'run_settings.time_zone') }} as last_day,
        {%- for kind in kinds %}
        case when kind = '{{ kind }}' then moved else 0 end as {{ kind }}{{ ',' if not loop.last }}
        {%- endfor %}
    from (
        select kind, dimension, dimension_value, from_day as day, count(*) as moved
        from {{ ref('int_customer_spans') }}
        group by all
        union all
        select kind, dimension, dimension_value, until_day, -count(*)
        from {{ ref('int_customer_spans') }}
        group by all
    ) as ends
    cross join {{ source('control', 'run_settings') }} as run_settings
)

select *
from ({{ standing_counts('moves', ['dimension', 'dimension_value'], kinds) }}) as windows
where customers > 0
