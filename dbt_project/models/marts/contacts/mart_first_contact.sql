{%- set kpis = [
    {'kpi_id': 'first_contact_resolution_rate', 'name': 'First contact resolution',
     'definition': 'First contacts resolved at once, nobody coming back within the window ÷ mature first contacts of known customers',
     'unit': 'ratio', 'higher_is_better': true, 'requirements': ['A9', 'D1', 'E1'],
     'settles': 'open', 'facts': 'fct_contact', 'period': 'arrived_on', 'numerator': 'is_resolved_first_contact', 'denominator': 'is_mature',
     'dimensions': ['channel', 'channel_group', 'issue_type', 'team', 'agent']},
    {'kpi_id': 'escalation_rate', 'name': 'Escalation rate',
     'definition': 'Contacts escalated ÷ contacts; by reason: contacts escalated for it ÷ all contacts of the period',
     'unit': 'ratio', 'higher_is_better': false, 'requirements': ['A9'],
     'settles': 'open', 'facts': 'fct_contact', 'period': 'arrived_on', 'numerator': 'is_escalated', 'denominator': true,
     'share_of_all': ['escalation_reason'], 'skip_none': ['escalation_reason'],
     'dimensions': ['channel', 'issue_type', 'escalation_reason', 'team']},
] -%}

{{ config(meta={'kpis': kpis}) }}

{{ kpi_timeseries(kpis, {
    'fct_contact': ref('fct_contact'),
}) }}
