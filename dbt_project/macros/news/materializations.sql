{#
    How tables take in a night's news. `by_key`: the rows of touched keys are computed and replace those that stand; config
    `key` names the columns, `touched` the kind (macros/news/kinds.sql). `compared`: built whole, then held against the table
    that stood; `changed.<model>` has the values of `key` whose rows differ, in `compared` columns (default: all).
#}

{% materialization by_key, adapter='duckdb' %}
    {%- if not is_news() or load_cached_relation(this) is none -%}
        {{ return(table_made_anew()) }}
    {%- endif -%}
    {%- set key = config.require('key') | join(', ') -%}
    {%- set rows = beside(world_of(model), this.identifier) -%}
    {%- set touched = '(' ~ key ~ ') in (' ~ touched_keys(config.require('touched'), world_of(model)) ~ ')' -%}
    {{ run_hooks(pre_hooks) }}
    {% call statement('rows') -%}
        create or replace table {{ rows }} as {{ in_world(compiled_code) }}
    {%- endcall %}
    {% call statement('old') -%}
        delete from {{ this }} where {{ touched }}
    {%- endcall %}
    {% call statement('main') -%}
        insert into {{ this }} by name select * from {{ rows }} where {{ touched }}
    {%- endcall %}
    {{ run_hooks(post_hooks) }}
    {% do adapter.commit() %}
    {{ return({'relations': [this]}) }}
{% endmaterialization %}

{% materialization compared, adapter='duckdb' %}
    {%- set stood = load_cached_relation(this) -%}
    {%- if stood is none or not is_news() -%}
        {{ return(table_made_anew()) }}
    {%- endif -%}
    {%- set key = config.require('key') | join(', ') -%}
    {%- set columns = config.get('compared', ['*']) | join(', ') -%}
    {%- set rows = beside('news', this.identifier) -%}
    {{ run_hooks(pre_hooks) }}
    {% call statement('rows') -%}
        create or replace table {{ rows }} as {{ compiled_code }}
    {%- endcall %}
    {% call statement('changed') -%}
        create or replace table {{ beside('changed', this.identifier) }} as
        select distinct {{ key }} from (
            (select {{ columns }} from {{ rows }} except select {{ columns }} from {{ this }})
            union all
            (select {{ columns }} from {{ this }} except select {{ columns }} from {{ rows }})
        )
    {%- endcall %}
    {% call statement('main') -%}
        create or replace table {{ this }} as select * from {{ rows }}
    {%- endcall %}
    {% call statement('done') -%}
        drop table {{ rows }}
    {%- endcall %}
    {{ run_hooks(post_hooks) }}
    {% do adapter.commit() %}
    {{ return({'relations': [this]}) }}
{% endmaterialization %}

{# Of a view: the same over the night's world. A hook of every model; it says nothing for tables. #}
{% macro view_of_the_world() -%}
    {%- if execute and model.config.materialized == 'view' and is_in_world(model) and is_news() -%}
        create or replace view {{ beside(world_of(model), model.alias) }} as {{ in_world(model.compiled_code) }}
    {%- endif -%}
{%- endmacro %}

{# The unified tables of the wider world: rows of what was widened to, of these kinds, whether the night touched them or not. #}
{% macro tables_of_the_wide_world(kinds) -%}
    {%- if execute and is_news() -%}
        {%- for node in graph.nodes.values()
            if node.fqn[1] == 'unified' and node.config.materialized == 'by_key' and node.config.touched in kinds %}
        create table {{ beside('wide', node.alias) }} as
        select * from {{ standing(node.alias) }}
        where ({{ node.config.key | join(', ') }}) in ({{ touched_keys(node.config.touched, 'wide') }});
        {%- endfor %}
    {%- endif -%}
{%- endmacro %}
