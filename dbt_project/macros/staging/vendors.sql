{#
    The one place where a new vendor is an entry, under the name that its staging models bear.

    gives     entities of the canonical model: for each there is a model stg_<vendor>__<entity>. These share their columns;
              a missing one shows in the contract tests of the unified models.
    streams   raw streams whose rows have an instant, by source and name (Zendesk's holidays have none). `newest` says how
              new a row is: what freshness and rows of the future are judged by. Streams whose rows come in rounds, or stay
              as they are for months, go stale only where settings.toml names their hours. `of_ticket`, `of_call`,
              `of_order` or `of_response` names the ticket, call, order or survey response that a row is of: a night with news
              reads the rows of those that it touches, and whole streams without it. Answers that a ticket's own row holds
              (Intercom's) go with the ticket. Rows of which a later version may name another one also have an id of their
              own, `row`.
#}
{% macro vendors() -%}
    {{ return({
        'generic': {
            'gives': [
                'tickets', 'messages', 'ticket_status_changes', 'touched_tickets', 'calls', 'touched_calls', 'survey_responses',
                'evaluations', 'employee_survey_responses', 'schedule_intervals', 'status_intervals', 'ratings', 'order_lines',
                'order_defects', 'remedies'
            ],
            'streams': {
                'generic__tickets': {'newest': 'updated_at', 'of_ticket': 'ticket_id'},
                'generic__ticket_status_changes': {'newest': 'changed_at', 'of_ticket': 'ticket_id'},
                'generic__messages': {'newest': 'sent_at', 'of_ticket': 'ticket_id', 'row': 'message_id'},
                'generic__calls': {'newest': 'arrived_at', 'of_call': 'call_id'},
                'generic__survey_responses': {'newest': 'offered_at', 'of_response': 'response_id'},
                'generic__employee_survey_responses': {'newest': 'cast(round_date as timestamp)'},
                'generic__schedule_intervals': {'newest': 'published_at'},
                'generic__status_intervals': {'newest': 'starts_at'},
                'generic__evaluations': {'newest': 'evaluated_at'},
                'generic__ratings': {'newest': 'rated_at'},
                'generic__order_lines': {'newest': 'ordered_at', 'of_order': 'order_id'},
                'generic__order_defects': {'newest': 'opened_at'},
                'generic__remedies': {'newest': 'delivered_at'},
            },
        },
        'zendesk': {
            'gives': [
                'tickets', 'messages', 'ticket_status_changes', 'touched_tickets', 'survey_responses', 'people', 'directory'
            ],
            'streams': {
                'zendesk__tickets': {'newest': 'generated_at', 'of_ticket': 'ticket_id'},
                'zendesk__ticket_events': {'newest': 'created_at', 'of_ticket': 'ticket_id', 'row': 'event_id'},
                'zendesk__ticket_metrics': {'newest': 'updated_at', 'of_ticket': 'ticket_id'},
                'zendesk__satisfaction_ratings': {'newest': 'updated_at', 'of_response': 'rating_id'},
                'zendesk__users': {'newest': 'updated_at'},
                'zendesk__groups': {'newest': 'updated_at'},
                'zendesk__brands': {'newest': 'updated_at'},
                'zendesk__schedules': {'newest': 'updated_at'},
            },
        },
        'asterisk': {
            'gives': ['calls', 'touched_calls', 'clock_jumps'],
            'streams': {'asterisk__queue_log': {'newest': 'logged_at', 'of_call': 'call_id', 'row': 'log_id'}},
        },
        'asterisk_cdr': {
            'gives': ['calls', 'touched_calls'],
            'streams': {'asterisk__cdr': {'newest': 'started_at'}},
        },
        'amazon_connect': {
            'gives': ['calls', 'touched_calls', 'status_intervals'],
            'streams': {
                'amazon_connect__contact_records': {
                    'newest': 'last_updated_at', 'of_call': 'coalesce(initial_contact_id, contact_id)', 'row': 'contact_id',
                },
                'amazon_connect__agent_events': {'newest': 'event_at'},
            },
        },
        'amazon_seller': {
            'gives': ['order_lines', 'ratings', 'account_reports'],
            'streams': {
                'amazon_seller__orders': {'newest': 'last_updated_at', 'of_order': 'order_id'},
                'amazon_seller__feedback': {'newest': 'cast(rated_on as timestamp)'},
                'amazon_seller__performance': {'newest': 'late_shipment_to'},
            },
        },
        'shopify': {
            'gives': ['order_lines'],
            'streams': {'shopify__orders': {'newest': 'ordered_at', 'of_order': 'order_id'}},
        },
        'shopify_api': {
            'gives': ['order_lines', 'remedies'],
            'streams': {'shopify__orders_api': {'newest': 'updated_at', 'of_order': 'order_id'}},
        },
        'qualtrics': {
            'gives': ['survey_responses'],
            'streams': {'qualtrics__responses': {'newest': 'recorded_at', 'of_response': 'response_id'}},
        },
        'delighted': {
            'gives': ['survey_responses'],
            'streams': {'delighted__responses': {'newest': 'updated_at', 'of_response': 'response_id'}},
        },
        'zendesk_qa': {'gives': ['evaluations'], 'streams': {'zendesk_qa__reviews': {'newest': 'updated_at'}}},
        'zendesk_talk': {
            'gives': ['calls', 'touched_calls'],
            'streams': {
                'zendesk_talk__calls': {'newest': 'updated_at', 'of_call': 'call_id'},
                'zendesk_talk__legs': {'newest': 'updated_at', 'of_call': 'call_id', 'row': 'leg_id'},
            },
        },
        'aircall': {
            'gives': ['calls', 'touched_calls'],
            'streams': {'aircall__calls': {'newest': 'started_at', 'of_call': 'call_id'}},
        },
        'intercom': {
            'gives': ['tickets', 'messages', 'ticket_status_changes', 'touched_tickets', 'survey_responses'],
            'streams': {'intercom__conversations': {'newest': 'updated_at', 'of_ticket': 'conversation_id'}},
        },
        'freshdesk': {
            'gives': ['tickets', 'messages', 'touched_tickets', 'survey_responses', 'unknown_statuses', 'directory'],
            'streams': {
                'freshdesk__tickets': {'newest': 'updated_at', 'of_ticket': 'ticket_id'},
                'freshdesk__conversations': {'newest': 'created_at', 'of_ticket': 'ticket_id', 'row': 'conversation_id'},
                'freshdesk__satisfaction_ratings': {'newest': 'updated_at', 'of_response': 'rating_id'},
                'freshdesk__agents': {'newest': 'updated_at'},
                'freshdesk__groups': {'newest': 'updated_at'},
                'freshdesk__tickets_csv': {'newest': 'coalesce(updated_at, created_at)', 'of_ticket': 'ticket_id'},
            },
        },
    }) }}
{%- endmacro %}
