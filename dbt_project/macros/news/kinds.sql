{#
    What a night may touch: for each kind its keys in the world of unified models (`news`) and in the wider one of facts
    (`wide`). Kinds of one `kin` are touched together and read each other's rows of the night; of another kin's models
    they read the tables that stand.
#}
{% macro touched_kinds() -%}
    {{ return({
        'contacts': {
            'kin': 'contacts',
            'news': ('contact_id', 'int_touched', 'true'),
            'wide': ('contact_id', 'int_widened', 'true'),
        },
        'tickets': {
            'kin': 'contacts',
            'news': ('source, ticket_id', 'int_touched', 'ticket_id is not null'),
            'wide': ('source, ticket_id', 'int_widened', 'ticket_id is not null'),
        },
        'order_numbers': {
            'kin': 'sales',
            'news': ('order_id', 'int_touched_orders', 'true'),
            'wide': ('id', 'int_widened_sales', "kind = 'order'"),
        },
        'orders': {
            'kin': 'sales',
            'wide': ('marketplace, id', 'int_widened_sales', "kind = 'order'"),
        },
        'customers': {
            'kin': 'sales',
            'wide': ('id', 'int_widened_sales', "kind = 'customer'"),
        },
        'responses': {
            'kin': 'surveys',
            'news': ('source, response_id', 'int_touched_responses', 'true'),
            'wide': ('source, response_id', 'int_widened_responses', 'true'),
        },
    }) }}
{%- endmacro %}

{# The keys of a kind that the night touches, in one of the worlds. #}
{% macro touched_keys(kind, world) -%}
    {%- set columns, model_name, condition = touched_kinds()[kind][world] -%}
    select {{ columns }} from {{ beside(target.schema, model_name) }} where {{ condition }}
{%- endmacro %}

{# Whether a model reads another's rows of the night: raw rows and views belong to every kin. #}
{% macro is_of_one_kin(parent, child) -%}
    {%- set kins = [] -%}
    {%- for node in (parent, child) if node.config.materialized == 'by_key' -%}
        {%- do kins.append(touched_kinds()[node.config.touched].kin) -%}
    {%- endfor -%}
    {{ return(kins | unique | list | length < 2) }}
{%- endmacro %}
