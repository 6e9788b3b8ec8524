{#
    Which raw rows the night's world has of each stream: all that the rows of touched tickets and calls depend on. A stream
    that is not named here is there as a whole.
#}
{% macro rows_of_the_world() -%}
    {%- if execute and is_news() -%}
        {%- set touched = this -%}
        {%- set tickets = "select ticket_id from " ~ touched ~ " where source = '%s' and ticket_id is not null" -%}
        {%- set calls = "select call_id from " ~ touched ~ " where source = '%s' and call_id is not null" -%}
        {%- set conditions = {
            'generic__tickets': 'ticket_id in (' ~ tickets % 'generic' ~ ')',
            'generic__ticket_status_changes': 'ticket_id in (' ~ tickets % 'generic' ~ ')',
            'generic__messages': 'message_id in (select message_id from ' ~ beside('raw', 'generic__messages')
                ~ ' where ticket_id in (' ~ tickets % 'generic' ~ '))',
            'generic__calls': 'call_id in (' ~ calls % 'generic' ~ ')',
            'zendesk__tickets': 'ticket_id in (' ~ tickets % 'zendesk' ~ ')',
            'zendesk__ticket_metrics': 'ticket_id in (' ~ tickets % 'zendesk' ~ ')',
            'zendesk__ticket_events': 'event_id in (select event_id from ' ~ beside('raw', 'zendesk__ticket_events')
                ~ ' where ticket_id in (' ~ tickets % 'zendesk' ~ '))',
            'freshdesk__tickets': 'ticket_id in (' ~ tickets % 'freshdesk' ~ ')',
            'freshdesk__tickets_csv': 'ticket_id in (' ~ tickets % 'freshdesk' ~ ')',
            'freshdesk__conversations': 'conversation_id in (select conversation_id from '
                ~ beside('raw', 'freshdesk__conversations')
                ~ ' where ticket_id in (' ~ tickets % 'freshdesk' ~ '))',
            'asterisk__queue_log': 'log_id in (select log_id from ' ~ beside('raw', 'asterisk__queue_log')
                ~ ' where call_id in (' ~ calls % 'asterisk' ~ '))',
            'amazon_connect__contact_records': 'contact_id in (select contact_id from '
                ~ beside('raw', 'amazon_connect__contact_records')
                ~ ' where coalesce(initial_contact_id, contact_id) in (' ~ calls % 'amazon_connect' ~ '))',
            'zendesk_talk__calls': 'call_id in (' ~ calls % 'zendesk_talk' ~ ')',
            'zendesk_talk__legs': 'leg_id in (select leg_id from ' ~ beside('raw', 'zendesk_talk__legs')
                ~ ' where call_id in (' ~ calls % 'zendesk_talk' ~ '))',
            'aircall__calls': 'call_id in (' ~ calls % 'aircall' ~ ')',
            'intercom__conversations': 'conversation_id in (' ~ tickets % 'intercom' ~ ')',
        } -%}
        {%- for stream, condition in conditions.items() %}
        drop view {{ beside('news', stream) }};
        create table {{ beside('news', stream) }} as select * from {{ beside('raw', stream) }} where {{ condition }};
        {%- endfor %}
    {%- endif -%}
{%- endmacro %}
