{%- set kpis = [
    {'kpi_id': 'negative_feedback_rate', 'name': 'Negative feedback',
     'definition': 'Ratings of 1 or 2 stars ÷ ratings', 'unit': 'ratio', 'higher_is_better': false,
     'requirements': ['C7', 'C8'],
     'facts': 'fct_rating', 'where': 'counts_in_feedback', 'period': 'rated_on', 'numerator': 'is_negative', 'denominator': true,
     'dimensions': ['marketplace', 'product', 'brand']},
    {'kpi_id': 'positive_review_rate', 'name': 'Positive reviews',
     'definition': 'Ratings of 4 or 5 stars ÷ ratings', 'unit': 'ratio', 'higher_is_better': true,
     'requirements': ['C7', 'C8'],
     'facts': 'fct_rating', 'where': 'counts_in_feedback', 'period': 'rated_on', 'numerator': 'is_positive', 'denominator': true,
     'dimensions': ['marketplace', 'product', 'brand']},
    {'kpi_id': 'review_count', 'name': 'Ratings',
     'definition': 'Number of ratings', 'unit': 'count', 'higher_is_better': none, 'requirements': ['C8'],
     'facts': 'fct_rating', 'where': 'counts_in_feedback', 'period': 'rated_on',
     'dimensions': ['marketplace', 'product']},
    {'kpi_id': 'review_burst', 'name': 'Bursts of ratings',
     'definition': 'Days of a product on which it got more ratings than chance allows: Poisson upper tail below 0.001 '
                   ~ 'against the mean of up to 28 days before',
     'unit': 'count', 'higher_is_better': false, 'requirements': ['C8'],
     'facts': 'int_review_days', 'period': 'day', 'numerator': 'is_burst', 'sample': 'ratings', 'sliced': true,
     'dimensions': ['marketplace', 'product']},
] -%}

{{ config(meta={'kpis': kpis}) }}

{{ kpi_timeseries(kpis, {
    'fct_rating': ref('fct_rating'),
    'int_review_days': ref('int_review_days'),
}) }}
