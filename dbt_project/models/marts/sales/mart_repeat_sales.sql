{%- set kpis = [
    {'kpi_id': 'repeat_order_count', 'name': 'Repeat orders',
     'definition': 'Orders, not cancelled, of a customer with an earlier one', 'unit': 'count', 'higher_is_better': true,
     'requirements': ['C10'],
     'settles': 'open', 'facts': 'fct_order', 'period': 'ordered_on', 'where': 'not is_cancelled', 'numerator': 'is_repeat',
     'dimensions': ['marketplace', 'sector', 'currency']},
    {'kpi_id': 'repeat_revenue', 'name': 'Revenue of repeat orders',
     'definition': 'Quantity × unit price of the lines of repeat orders that are not cancelled, in the one currency of the slice',
     'unit': 'money', 'higher_is_better': true, 'requirements': ['C10'],
     'settles': 'open', 'facts': 'fct_order', 'period': 'ordered_on', 'where': 'not is_cancelled', 'numerator_sum': 'repeat_revenue',
     'one_currency': 'currency',
     'dimensions': ['marketplace', 'sector', 'currency']},
    {'kpi_id': 'repeat_revenue_share', 'name': 'Share of repeat orders in revenue',
     'definition': 'Revenue of repeat orders ÷ revenue of all orders, in the one currency of the slice', 'unit': 'ratio',
     'higher_is_better': true, 'requirements': ['C10'],
     'settles': 'open', 'facts': 'fct_order', 'period': 'ordered_on', 'where': 'not is_cancelled', 'numerator_sum': 'repeat_revenue',
     'denominator_sum': 'revenue', 'one_currency': 'currency',
     'dimensions': ['marketplace', 'sector', 'currency']},
    {'kpi_id': 'repeat_purchase_rate', 'name': 'Customers who came back',
     'definition': 'Known customers with two or more orders in the trailing window ÷ with one or more', 'unit': 'ratio',
     'higher_is_better': true, 'requirements': ['C10'],
     'settles': 'open', 'facts': 'int_customer_windows', 'period': 'day', 'numerator_sum': 'repeat_customers', 'denominator_sum': 'customers',
     'sample': 'orders', 'grains': ['day'], 'sliced': true,
     'dimensions': ['marketplace', 'sector']},
    {'kpi_id': 'cross_sell_rate', 'name': 'Cross-selling',
     'definition': 'Customers who in the 365 days placed a repeat order with a category they had never bought ÷ customers with '
                   ~ 'an order',
     'unit': 'ratio', 'higher_is_better': true, 'requirements': ['C11'],
     'settles': 'open', 'facts': 'int_customer_windows', 'period': 'day', 'numerator_sum': 'cross_sell_customers', 'denominator_sum': 'customers',
     'sample': 'customers', 'grains': ['day'], 'sliced': true,
     'dimensions': ['marketplace']},
    {'kpi_id': 'upsell_rate', 'name': 'Up-selling',
     'definition': 'Customers who in the 365 days placed a repeat order above the highest unit price they had paid in its '
                   ~ 'category ÷ customers with an order',
     'unit': 'ratio', 'higher_is_better': true, 'requirements': ['C11'],
     'settles': 'open', 'facts': 'int_customer_windows', 'period': 'day', 'numerator_sum': 'up_sell_customers', 'denominator_sum': 'customers',
     'sample': 'customers', 'grains': ['day'], 'sliced': true,
     'dimensions': ['marketplace']},
] -%}

{{ config(meta={'kpis': kpis}) }}

{{ kpi_timeseries(kpis, {
    'fct_order': ref('fct_order'),
    'int_customer_windows': ref('int_customer_windows'),
}) }}
