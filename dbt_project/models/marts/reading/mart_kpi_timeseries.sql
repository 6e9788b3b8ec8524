{%- set families = ['mart_contact_volume', 'mart_response', 'mart_resolution', 'mart_telephony'] -%}

{% for family in families -%}
select * from {{ ref(family) }}
{% if not loop.last %}union all by name
{% endif %}
{%- endfor %}
