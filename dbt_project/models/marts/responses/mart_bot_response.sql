{%- set kpis = [
    {'kpi_id': 'bot_first_response_time_mean', 'name': 'First response of a bot (mean)',
     'definition': 'Calendar seconds from created to the first public message of a bot, tickets that have one', 'unit': 'seconds',
     'higher_is_better': false, 'requirements': ['C1'],
     'settles': 'open', 'facts': 'int_bot_replies', 'period': 'created_on', 'numerator_sum': 'wait_seconds', 'denominator': true,
     'dimensions': ['channel']},
] -%}

{{ config(meta={'kpis': kpis}) }}

{{ kpi_timeseries(kpis, {'int_bot_replies': ref('int_bot_replies')}) }}
