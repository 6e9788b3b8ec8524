{%- set kpis = [
    {'kpi_id': 'qa_score', 'name': 'Quality score',
     'definition': 'Weight earned ÷ weight of the items that applied, in human evaluations without calibrations',
     'unit': 'ratio', 'higher_is_better': true, 'requirements': ['B1'],
     'facts': 'fct_evaluation_item', 'period': 'evaluated_on', 'where': 'is_applicable and not is_calibration',
     'numerator_sum': 'earned_weight', 'denominator_sum': 'weight', 'columns': {'checklist_item': 'item'},
     'dimensions': ['agent', 'team', 'checklist_item']},
    {'kpi_id': 'qa_coverage', 'name': 'Quality coverage',
     'definition': 'Evaluated ÷ handled contacts (answered calls, tickets with a public agent reply)', 'unit': 'ratio',
     'higher_is_better': true, 'requirements': ['B1'],
     'settles': 'open', 'facts': 'int_handled_contacts', 'period': 'arrived_on', 'numerator': 'is_evaluated', 'denominator': true,
     'dimensions': ['agent', 'team']},
] -%}

{{ config(meta={'kpis': kpis}) }}

{{ kpi_timeseries(kpis, {
    'fct_evaluation_item': ref('fct_evaluation_item'),
    'int_handled_contacts': ref('int_handled_contacts'),
}) }}
