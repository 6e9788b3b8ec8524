{# The canonical status of Intercom's state; null for a state nobody knows. #}
{% macro intercom_status(state) -%}
    case {{ state }} when 'open' then 'open' when 'closed' then 'closed' when 'snoozed' then 'pending' end
{%- endmacro %}

{# Who wrote: a person of the team, a customer, or what answers by itself (bots, teams' automatic words, AI agents). #}
{% macro intercom_author_type(author_type) -%}
    case
        when {{ author_type }} = 'admin' then 'agent'
        when {{ author_type }} in ('user', 'lead', 'contact') then 'customer'
        else 'bot'
    end
{%- endmacro %}
