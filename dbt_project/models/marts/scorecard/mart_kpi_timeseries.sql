{%- set families = [
    'mart_contact_volume', 'mart_first_contact', 'mart_response', 'mart_bot_response', 'mart_resolution', 'mart_remedy',
    'mart_telephony', 'mart_voice_of_customer', 'mart_complaints', 'mart_quality', 'mart_employee_satisfaction',
    'mart_agent_activity', 'mart_feedback', 'mart_marketplace_health', 'mart_repeat_sales',
] -%}

{% for family in families -%}
select * from {{ ref(family) }}
{% if not loop.last %}union all by name
{% endif %}
{%- endfor %}
