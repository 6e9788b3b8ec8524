{%- set kpis = [
    {'kpi_id': 'contact_volume', 'name': 'Contact volume',
     'definition': 'Number of contacts: tickets opened by customers and inbound calls', 'unit': 'count',
     'higher_is_better': none, 'requirements': ['A1', 'A2', 'C14'],
     'settles': 72, 'facts': 'fct_contact', 'period': 'arrived_on',
     'dimensions': ['channel', 'channel_group', 'brand', 'team', 'issue_type', 'hour', 'weekday', 'source']},
    {'kpi_id': 'contact_volume_outside_hours_rate', 'name': 'Contacts outside business hours',
     'definition': 'Contacts that arrived outside the business calendar ÷ contacts', 'unit': 'ratio',
     'higher_is_better': none, 'requirements': ['A1'],
     'settles': 72, 'facts': 'fct_contact', 'period': 'arrived_on', 'numerator': 'is_outside_hours',
     'denominator': 'is_outside_hours is not null',
     'dimensions': ['channel', 'channel_group', 'hour', 'weekday']},
] -%}

{{ config(meta={'kpis': kpis}) }}

{{ kpi_timeseries(kpis, {
    'fct_contact': ref('fct_contact'),
}) }}
