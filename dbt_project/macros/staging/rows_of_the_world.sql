{#
    Which raw rows the night's world has of each stream: all that the rows of what is touched depend on, of the kinds that
    the model has keys of. A stream of no kind (macros/staging/vendors.sql) is there as a whole.
#}
{% macro rows_of_the_world() -%}
    {%- if execute and is_news() -%}
        {%- for kind in varargs -%}
            {%- for stream, said in streams_of(kind).items() %}
        drop view {{ beside('news', stream) }};
        create table {{ beside('news', stream) }} as
        select * from {{ beside('raw', stream) }} where {{ is_of_touched(kind, stream, said) }};
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

{#
    Of a row with an id of its own, all versions go together. An order is known by its marketplace, whatever source tells
    of it: its number is looked for in all.
#}
{% macro is_of_touched(kind, stream, said) -%}
    {%- set touched -%}
        {{ said['of_' ~ kind] }} in (
            select {{ kind }}_id
            from {{ this }}
            where {{ kind }}_id is not null{% if kind != 'order' %} and source = '{{ stream.split('__')[0] }}'{% endif %}
        )
    {%- endset -%}
    {%- if said.row -%}
        {{ said.row }} in (select {{ said.row }} from {{ beside('raw', stream) }} where {{ touched }})
    {%- else -%}
        {{ touched }}
    {%- endif -%}
{%- endmacro %}

{# What is said of the raw streams whose rows are of a ticket, a call, an order or a response. #}
{% macro streams_of(kind) -%}
    {%- set found = {} -%}
    {%- for vendor in vendors().values() -%}
        {%- for stream, said in vendor.streams.items() if said['of_' ~ kind] -%}
            {%- do found.update({stream: said}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{# The ids of a kind in rows that the tables have not seen, with their source. #}
{% macro fresh_ids(kind) -%}
    {%- for stream, said in streams_of(kind).items() %}
    select '{{ stream.split('__')[0] }}' as source, {{ said['of_' ~ kind] }} as {{ kind }}_id from {{ beside('fresh', stream) }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{%- endmacro %}
