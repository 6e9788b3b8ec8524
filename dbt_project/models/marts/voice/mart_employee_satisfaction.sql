{%- set kpis = [
    {'kpi_id': 'esat', 'name': 'Employee satisfaction',
     'definition': 'Favourable answers ÷ answers, (score − min) ÷ (max − min) ≥ 0.75; never of fewer than 5 answers',
     'unit': 'ratio', 'higher_is_better': true, 'requirements': ['D10', 'E5'],
     'facts': 'int_employee_responses', 'period': 'round_date', 'numerator': 'is_favourable',
     'denominator': 'is_favourable is not null', 'minimum': 5,
     'dimensions': ['team', 'question']},
] -%}

{{ config(meta={'kpis': kpis}) }}

{{ kpi_timeseries(kpis, {
    'int_employee_responses': ref('int_employee_responses'),
}) }}
