{#
    Which source gives which entities of the canonical model: the one place where a new vendor is a line. A source gives what
    it has a staging model for, stg_<source>__<entity>. The staging models share their columns; a missing one shows in the
    contract tests of the unified models.
#}
{% macro staged() -%}
    {{ return({
        'generic': [
            'tickets', 'messages', 'ticket_status_changes', 'touched_tickets', 'calls', 'touched_calls', 'survey_responses',
            'evaluations', 'employee_survey_responses', 'schedule_intervals', 'status_intervals', 'ratings', 'order_lines',
            'order_defects', 'remedies'
        ],
        'zendesk': ['tickets', 'messages', 'ticket_status_changes', 'touched_tickets', 'survey_responses', 'people'],
        'asterisk': ['calls', 'touched_calls', 'clock_jumps'],
        'asterisk_cdr': ['calls', 'touched_calls'],
        'amazon_connect': ['calls', 'touched_calls', 'status_intervals'],
        'amazon_seller': ['order_lines', 'ratings', 'account_reports'],
        'shopify': ['order_lines'],
        'shopify_api': ['order_lines', 'remedies'],
        'qualtrics': ['survey_responses'],
        'delighted': ['survey_responses'],
        'zendesk_qa': ['evaluations'],
        'zendesk_talk': ['calls', 'touched_calls'],
        'aircall': ['calls', 'touched_calls'],
        'intercom': ['tickets', 'messages', 'ticket_status_changes', 'touched_tickets', 'survey_responses'],
        'freshdesk': ['tickets', 'messages', 'touched_tickets', 'survey_responses', 'unknown_statuses'],
    }) }}
{%- endmacro %}

{# A ticket's contact_id, <source>/<stream>/<id>; the stream of sources that have no tickets by that name stands here. #}
{% macro ticket_contact_id(source, ticket_id) -%}
    {{ source }} || case {{ source }} when 'intercom' then '/conversations/' else '/tickets/' end || {{ ticket_id }}
{%- endmacro %}

{# All sources' rows of one entity. #}
{% macro union_staging(entity) -%}
    {%- for source_name, entities in staged().items() if entity in entities %}
    select * from {{ ref('stg_' ~ source_name ~ '__' ~ entity) }}
    {%- if not loop.last %}
    union all by name
    {%- endif -%}
    {%- endfor %}
{%- endmacro %}
