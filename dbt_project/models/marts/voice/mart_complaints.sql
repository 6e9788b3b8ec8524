{%- set kpis = [
    {'kpi_id': 'complaint_count', 'name': 'Complaints', 'definition': 'Contacts of issue category complaint',
     'unit': 'count', 'higher_is_better': false, 'requirements': ['B3', 'E4'],
     'settles': 'open', 'facts': 'fct_contact', 'period': 'arrived_on', 'numerator': 'is_complaint',
     'dimensions': ['channel', 'issue_type', 'product', 'team']},
    {'kpi_id': 'complaint_rate', 'name': 'Complaint rate',
     'definition': 'Contacts of issue category complaint ÷ contacts', 'unit': 'ratio', 'higher_is_better': false,
     'requirements': ['B3', 'E4'],
     'settles': 'open', 'facts': 'fct_contact', 'period': 'arrived_on', 'numerator': 'is_complaint', 'denominator': true,
     'dimensions': ['channel', 'issue_type', 'product', 'team']},
    {'kpi_id': 'manager_escalation_rate', 'name': 'Complaints escalated to management',
     'definition': 'Complaints escalated to management ÷ complaints', 'unit': 'ratio', 'higher_is_better': false,
     'requirements': ['B3'],
     'settles': 'open', 'facts': 'fct_contact', 'period': 'arrived_on', 'where': 'is_complaint',
     'numerator': 'is_escalated_to_management', 'denominator': true,
     'dimensions': ['channel', 'issue_type']},
] -%}

{{ config(meta={'kpis': kpis}) }}

{{ kpi_timeseries(kpis, {
    'fct_contact': ref('fct_contact'),
}) }}
