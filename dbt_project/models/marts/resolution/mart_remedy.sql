{%- set kpis = [
    {'kpi_id': 'time_to_remedy', 'statistics': ['mean', 'median'], 'name': 'Time to remedy',
     'definition': 'Seconds from ticket created to the remedy delivered (refund paid, replacement delivered, return refunded, other)',
     'unit': 'seconds', 'higher_is_better': false, 'requirements': ['B4'],
     'facts': 'fct_remedy', 'period': 'delivered_on', 'measure': 'seconds_to_remedy',
     'dimensions': ['remedy_type', 'issue_type', 'channel']},
] -%}

{{ config(meta={'kpis': kpis}) }}

{{ kpi_timeseries(kpis, {'fct_remedy': ref('fct_remedy')}) }}
