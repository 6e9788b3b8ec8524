{{ kpi_window_spreads(ref('int_target_windows'), {
    'fct_response': ref('fct_response'),
    'int_messenger_days': ref('int_messenger_days'),
    'fct_ticket': ref('fct_ticket'),
    'fct_call': ref('fct_call'),
}) }}
