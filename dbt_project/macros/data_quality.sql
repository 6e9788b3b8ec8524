{# The instant that says how new a row is, per stream: what freshness and future rows are judged by. Streams whose rows come in rounds, or stay
   as they are for months, go stale only where settings.toml names their hours (ingestion/warehouse.py). Zendesk's holidays have no instant. #}
{% macro stream_instants() -%}
    {{ return({
        'generic__tickets': 'updated_at',
        'generic__ticket_status_changes': 'changed_at',
        'generic__messages': 'sent_at',
        'generic__calls': 'arrived_at',
        'generic__survey_responses': 'offered_at',
        'generic__employee_survey_responses': 'cast(round_date as timestamp)',
        'generic__schedule_intervals': 'published_at',
        'generic__status_intervals': 'starts_at',
        'generic__evaluations': 'evaluated_at',
        'generic__ratings': 'rated_at',
        'generic__order_lines': 'ordered_at',
        'generic__order_defects': 'opened_at',
        'generic__remedies': 'delivered_at',
        'zendesk__tickets': 'generated_at',
        'zendesk__ticket_events': 'created_at',
        'zendesk__ticket_metrics': 'updated_at',
        'zendesk__satisfaction_ratings': 'updated_at',
        'zendesk__users': 'updated_at',
        'zendesk__groups': 'updated_at',
        'zendesk__brands': 'updated_at',
        'zendesk__schedules': 'updated_at',
        'asterisk__queue_log': 'logged_at',
        'amazon_connect__contact_records': 'last_updated_at',
        'amazon_seller__orders': 'last_updated_at',
        'amazon_seller__feedback': 'cast(rated_on as timestamp)',
        'amazon_seller__performance': 'late_shipment_to',
        'shopify__orders': 'ordered_at',
    }) }}
{%- endmacro %}
