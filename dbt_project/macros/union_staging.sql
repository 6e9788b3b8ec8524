{# A ticket's contact_id, <source>/<stream>/<id>; the stream of sources that have no tickets by that name stands here. #}
{% macro ticket_contact_id(source, ticket_id) -%}
    {{ source }} || case {{ source }} when 'intercom' then '/conversations/' else '/tickets/' end || {{ ticket_id }}
{%- endmacro %}

{# All sources' rows of one entity. #}
{% macro union_staging(entity) -%}
    {%- for vendor, said in vendors().items() if entity in said.gives %}
    select * from {{ ref('stg_' ~ vendor ~ '__' ~ entity) }}
    {%- if not loop.last %}
    union all by name
    {%- endif -%}
    {%- endfor %}
{%- endmacro %}
