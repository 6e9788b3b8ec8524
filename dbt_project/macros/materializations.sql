{#
    Tables and views, made anew where they stood: the old one goes and the new one comes in one transaction, so that a
    night that fails leaves the old one. dbt's own way, for engines without such transactions, renames to and fro in
    seven statements and two commits a model. What adds to tables that stand: macros/news.
#}

{% materialization table, adapter='duckdb' %}
    {{ return(table_made_anew()) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
    {{ return(made_anew(this.incorporate(type='view'), create_view_as(this, compiled_code))) }}
{% endmaterialization %}

{% macro table_made_anew() -%}
    {{ return(made_anew(this.incorporate(type='table'), create_table_as(false, this, compiled_code))) }}
{%- endmacro %}

{% macro made_anew(relation, creation) -%}
    {%- set stood = load_cached_relation(relation) -%}
    {{ run_hooks(pre_hooks) }}
    {% call statement('main') -%}
        {%- if stood is not none %}
        drop {{ stood.type }} if exists {{ stood }};
        {%- endif %}
        {{ creation }}
    {%- endcall %}
    {{ run_hooks(post_hooks) }}
    {% do adapter.commit() %}
    {{ return({'relations': [relation]}) }}
{%- endmacro %}
