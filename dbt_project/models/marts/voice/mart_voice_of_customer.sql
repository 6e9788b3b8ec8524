{%- set kpis = [
    {'kpi_id': 'csat', 'name': 'Customer satisfaction',
     'definition': 'Satisfied answers ÷ answers; satisfied is (score − min) ÷ (max − min) ≥ 0.75', 'unit': 'ratio',
     'higher_is_better': true, 'requirements': ['D3'],
     'facts': 'fct_survey_response', 'period': 'answered_on', 'numerator': 'is_satisfied',
     'denominator': 'is_satisfied is not null',
     'dimensions': ['channel', 'team', 'agent', 'issue_type', 'brand']},
    {'kpi_id': 'csat_response_rate', 'name': 'Response rate of satisfaction surveys',
     'definition': 'Answered ÷ offered satisfaction questions', 'unit': 'ratio', 'higher_is_better': true,
     'requirements': ['D3'],
     'settles': 'open', 'facts': 'fct_survey_response', 'period': 'offered_on', 'where': "survey_type = 'csat'", 'numerator': 'is_answered',
     'denominator': true,
     'dimensions': ['channel']},
    {'kpi_id': 'nps', 'name': 'Net promoter score',
     'definition': '(Share of scores 9 and 10 − share of scores 0 to 6) × 100', 'unit': 'points',
     'higher_is_better': true, 'requirements': ['C9', 'D4', 'E3'],
     'facts': 'fct_survey_response', 'period': 'answered_on', 'numerator_sum': 'nps_points',
     'denominator': 'nps_points is not null', 'scale': 100,
     'dimensions': ['channel', 'team', 'brand']},
    {'kpi_id': 'survey_yes_rate', 'name': 'Yes answers of surveys',
     'definition': 'Yes ÷ yes-or-no answers, by question', 'unit': 'ratio', 'higher_is_better': true,
     'requirements': ['B2'],
     'facts': 'fct_survey_response', 'period': 'answered_on', 'numerator': 'is_yes', 'denominator': 'is_yes is not null',
     'columns': {'question': 'question_id'},
     'dimensions': ['question']},
] -%}

{{ config(meta={'kpis': kpis}) }}

{{ kpi_timeseries(kpis, {
    'fct_survey_response': ref('fct_survey_response'),
}) }}
