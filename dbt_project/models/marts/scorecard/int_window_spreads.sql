{{ kpi_window_spreads(ref('int_windows'), {
    'fct_response': ref('fct_response'),
    'int_messenger_days': ref('int_messenger_days'),
    'fct_ticket': ref('fct_ticket'),
    'fct_call': ref('fct_call'),
    'fct_remedy': ref('fct_remedy'),
    'int_bot_replies': ref('int_bot_replies'),
    'fct_agent_day': ref('fct_agent_day'),
    'fct_survey_response': ref('fct_survey_response'),
}) }}
