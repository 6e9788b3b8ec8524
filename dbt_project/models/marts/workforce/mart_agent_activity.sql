{%- set kpis = [
    {'kpi_id': 'contacts_handled_per_agent_day', 'name': 'Contacts handled per agent and day',
     'definition': 'Contacts replied to, solved or answered, once per agent and day ÷ days on which agents were present',
     'unit': 'count', 'higher_is_better': true, 'requirements': ['C5', 'D8'],
     'facts': 'fct_agent_day', 'period': 'local_day', 'where': 'is_present',
     'numerator_sum': 'contacts_handled', 'denominator': 'is_present',
     'dimensions': ['agent', 'team']},
    {'kpi_id': 'occupancy', 'name': 'Occupancy',
     'definition': 'Seconds on contacts and in work after them ÷ (the same + seconds available), days of absence left out',
     'unit': 'ratio', 'higher_is_better': true, 'requirements': ['D8'],
     'facts': 'fct_agent_day', 'period': 'local_day', 'where': 'not is_absent and staffed_seconds > 0',
     'numerator_sum': 'busy_seconds', 'denominator_sum': 'staffed_seconds',
     'dimensions': ['agent', 'team']},
    {'kpi_id': 'schedule_adherence', 'name': 'Schedule adherence',
     'definition': 'Scheduled seconds spent in the scheduled class ÷ scheduled seconds, productive and non-productive',
     'unit': 'ratio', 'higher_is_better': true, 'requirements': ['D8'],
     'facts': 'fct_agent_day', 'period': 'local_day', 'where': 'not is_absent and scheduled_seconds > 0',
     'numerator_sum': 'adherent_seconds', 'denominator_sum': 'scheduled_seconds',
     'dimensions': ['agent', 'team']},
    {'kpi_id': 'resource_use_rate', 'name': 'Use of macros, scripts and articles',
     'definition': 'Public agent replies made with a macro, script or article ÷ those of sources that record such',
     'unit': 'ratio', 'higher_is_better': true, 'requirements': ['D8', 'A10'],
     'facts': 'fct_reply', 'period': 'replied_on', 'where': 'is_resource_recorded',
     'numerator': 'is_resource_used', 'denominator': true, 'sample_distinct': 'agent',
     'dimensions': ['agent', 'team', 'issue_type']},
] -%}

{{ config(meta={'kpis': kpis}) }}

{{ kpi_timeseries(kpis, {
    'fct_agent_day': ref('fct_agent_day'),
    'fct_reply': ref('fct_reply'),
}) }}
