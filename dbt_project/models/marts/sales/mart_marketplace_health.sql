{%- set kpis = [
    {'kpi_id': 'order_defect_rate', 'name': 'Order defect rate, 60 days',
     'definition': 'Orders with a 1 or 2 star rating or a claim or charge-back open or granted ÷ orders placed on the day '
                   ~ 'or the 59 before it',
     'unit': 'ratio', 'higher_is_better': false, 'requirements': ['C7'],
     'settles': 'open', 'facts': 'int_order_windows', 'period': 'day', 'numerator_sum': 'defective_orders', 'denominator_sum': 'orders',
     'sample': 'orders', 'grains': ['day'],
     'dimensions': ['marketplace']},
    {'kpi_id': 'on_time_shipment_rate', 'name': 'Shipped on time',
     'definition': 'Seller-fulfilled orders, not cancelled and due, with every line shipped by its ship_by ÷ such orders',
     'unit': 'ratio', 'higher_is_better': true, 'requirements': ['C12'],
     'facts': 'fct_order', 'period': 'ship_due_on', 'where': 'is_shipment_due', 'numerator': 'is_shipped_on_time',
     'denominator': true,
     'dimensions': ['marketplace']},
    {'kpi_id': 'cancellation_rate', 'name': 'Cancelled by the seller',
     'definition': 'Orders wholly cancelled by seller or system and never shipped ÷ orders', 'unit': 'ratio',
     'higher_is_better': false, 'requirements': ['C12'],
     'settles': 'open', 'facts': 'fct_order', 'period': 'ordered_on', 'numerator': 'is_cancelled_by_shop', 'denominator': true,
     'dimensions': ['marketplace']},
] -%}

{{ config(meta={'kpis': kpis}) }}

{{ kpi_timeseries(kpis, {
    'fct_order': ref('fct_order'),
    'int_order_windows': ref('int_order_windows'),
}) }}
