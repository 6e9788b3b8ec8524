-- From the orders themselves: whether money can be added up is a matter of the whole window, not of each of its days.
select
    windows.target_id,
    windows.measured_kpi_id,
    windows.window_name,
    sum(orders.repeat_revenue) as numerator,
    case when kpis.unit = 'ratio' then sum(orders.revenue) end as denominator,
    count(*) as sample_size
from {{ ref('int_windows') }} as windows
inner join {{ ref('dim_kpi') }} as kpis
    on windows.measured_kpi_id = kpis.kpi_id
    and kpis.is_one_currency
inner join {{ ref('fct_order') }} as orders
    on orders.ordered_on between windows.first_day and windows.last_day
where not orders.is_cancelled
    and case windows.dimension
        when 'all' then true
        {%- for dimension in ['marketplace', 'sector', 'currency'] %}
        when '{{ dimension }}' then ({{ dimension_value(dimension, 'orders.' ~ dimension) }} = windows.dimension_value) <> windows.is_rest
        {%- endfor %}
        else false
    end
group by windows.target_id, windows.measured_kpi_id, windows.window_name, kpis.unit
having count(*) = count(orders.currency)
    and min(orders.currency) = max(orders.currency)
    and (kpis.unit <> 'ratio' or sum(orders.revenue) > 0)
