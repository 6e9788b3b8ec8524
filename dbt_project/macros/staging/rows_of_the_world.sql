{#
    Which raw rows the night's world has of each stream: all that the rows of touched tickets and calls depend on. A stream
    that says neither (macros/staging/vendors.sql) is there as a whole.
#}
{% macro rows_of_the_world() -%}
    {%- if execute and is_news() -%}
        {%- for vendor in vendors().values() -%}
            {%- for stream, said in vendor.streams.items() if said.of_ticket or said.of_call %}
        drop view {{ beside('news', stream) }};
        create table {{ beside('news', stream) }} as
        select * from {{ beside('raw', stream) }} where {{ is_of_touched(stream, said) }};
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

{# Of a row with an id of its own, all versions go together. #}
{% macro is_of_touched(stream, said) -%}
    {%- set id = 'ticket_id' if said.of_ticket else 'call_id' -%}
    {%- set touched -%}
        {{ said.of_ticket or said.of_call }} in (
            select {{ id }} from {{ this }} where source = '{{ stream.split('__')[0] }}' and {{ id }} is not null
        )
    {%- endset -%}
    {%- if said.row -%}
        {{ said.row }} in (select {{ said.row }} from {{ beside('raw', stream) }} where {{ touched }})
    {%- else -%}
        {{ touched }}
    {%- endif -%}
{%- endmacro %}
