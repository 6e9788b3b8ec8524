{% macro canonical_channels() -%}
    (
        'email', 'web', 'chat', 'facebook_messenger', 'facebook', 'x', 'instagram', 'whatsapp', 'sms', 'phone',
        'amazon', 'ebay', 'shop', 'bot', 'other'
    )
{%- endmacro %}

{# A spelling nobody mapped stands for itself where it is a canonical name, else it is `other`. #}
{% macro canonical_channel(spelling) -%}
    case when {{ spelling }} in {{ canonical_channels() }} then {{ spelling }} else 'other' end
{%- endmacro %}

{% macro channel_group(channel) -%}
    case
        when {{ channel }} in ('email', 'web', 'phone') then {{ channel }}
        when {{ channel }} in ('chat', 'bot') then 'chat'
        when {{ channel }} in ('facebook_messenger', 'facebook', 'x', 'instagram', 'whatsapp', 'sms') then 'social'
        when {{ channel }} in ('amazon', 'ebay', 'shop') then 'marketplace'
        else 'other'
    end
{%- endmacro %}
