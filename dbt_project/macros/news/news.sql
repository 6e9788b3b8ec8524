{#
    A night that adds to the tables of the last one. What belongs here: how a model is told what is new, and how its rows
    are put in place of the old ones. What is touched, and what depends on it, is the work of the models int_touched… and
    int_widened… (kinds.sql).

    Such a night runs the same SQL on less: every model that is `by_key` sees a world that holds what is touched and
    all that its rows depend on, and its rows replace theirs in the table that stands. This world lies in
    schemas of its own, under the names of the models: `news` for what is computed from raw rows (models/unified), `wide`
    for what is computed from contacts, orders and their neighbours (models/facts). Every other model is built whole, as
    on any other night: it reads the tables that stand.
#}

{#
    Whether this night adds to the model's rows of the last one: not where it depends on a control table that says other
    than then. True while dbt parses, so that it sees what a model reads on such a night.
#}
{% macro is_news() -%}
    {%- if not execute -%}{{ return(true) }}{%- endif -%}
    {%- if not adds_to_tables() -%}{{ return(false) }}{%- endif -%}
    {%- set found = run_query(
        "select seen_as_of is not null and not list_contains(whole, '" ~ model.name ~ "') from "
        ~ target.database ~ '.control.news'
    ) -%}
    {{ return(found.columns[0].values()[0]) }}
{%- endmacro %}

{# A relation in one of the schemas beside `main`. #}
{% macro beside(schema, name) -%}
    {{ return(api.Relation.create(database=this.database, schema=schema, identifier=name)) }}
{%- endmacro %}

{# The rows of a stream that the tables have not seen. #}
{% macro fresh(stream) -%}
    {%- do source('raw', stream) -%}
    {{ return(beside('fresh', stream)) }}
{%- endmacro %}

{# The keys of a `compared` model whose rows differ from those of the last night. #}
{% macro changed(model_name) -%}
    {%- do ref(model_name) -%}
    {{ return(beside('changed', model_name)) }}
{%- endmacro %}

{# A table as the last night left it; to be read by models that come before it. #}
{% macro standing(model_name) -%}
    {{ return(beside(target.schema, model_name)) }}
{%- endmacro %}

{# Instant up to which the tables have seen the world. #}
{% macro seen_as_of() -%}
    (select seen_as_of from {{ source('control', 'news') }})
{%- endmacro %}

{# Whether the night's world has a model under its own name: tables by key, and all views before the marts. #}
{% macro is_in_world(node) -%}
    {{ return(
        node.resource_type == 'model'
        and (node.config.materialized == 'by_key' or (node.config.materialized == 'view' and node.fqn[1] != 'marts'))
    ) }}
{%- endmacro %}

{# The schema of the world in which a model is computed. #}
{% macro world_of(node) -%}
    {{ return('wide' if node.fqn[1] == 'facts' else 'news') }}
{%- endmacro %}

{# A model's SQL, reading the night's world in place of everything. #}
{% macro in_world(sql) -%}
    {%- set world = world_of(model) -%}
    {%- set told = namespace(sql=sql) -%}
    {%- for id in model.depends_on.nodes -%}
        {%- set parent = graph.sources[id] if id.startswith('source.') else graph.nodes[id] -%}
        {%- if parent.schema == 'raw' or (is_in_world(parent) and is_of_one_kin(parent, model)) -%}
            {%- set name = parent.identifier or parent.alias -%}
            {%- set there = '"' ~ target.database ~ '"."' ~ parent.schema ~ '"."' ~ name ~ '"' -%}
            {%- set told.sql = told.sql.replace(there, beside(world, name) | string) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(told.sql) }}
{%- endmacro %}

{# What a model of touched keys says on a night that builds everything. #}
{% macro none_touched(columns) -%}
    select {% for column in columns %}cast(null as varchar) as {{ column }}{{ ', ' if not loop.last }}{% endfor %} where false
{%- endmacro %}

{# Comes after a model that its SQL does not name. Parsing alone has to know. #}
{% macro after(model_name) -%}
    {%- if not execute -%}{%- do ref(model_name) -%}{%- endif -%}
{%- endmacro %}
