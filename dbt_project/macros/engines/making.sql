{#
    How a build on Spark makes its relations: each once, in a schema of the build's own (orchestration/spark), so nothing
    stands there that would have to be replaced or added to.
#}

{# Whether a build may add to the tables of the last one. #}
{% macro adds_to_tables() -%}
    {{ return(adapter.dispatch('adds_to_tables')()) }}
{%- endmacro %}

{% macro default__adds_to_tables() -%}
    {{ return(true) }}
{%- endmacro %}

{% macro spark__adds_to_tables() -%}
    {{ return(false) }}
{%- endmacro %}

{% materialization table, adapter='spark' %}
    {{ return(made('table', 'using parquet')) }}
{% endmaterialization %}

{% materialization by_key, adapter='spark' %}
    {{ return(made('table', 'using parquet')) }}
{% endmaterialization %}

{% materialization compared, adapter='spark' %}
    {{ return(made('table', 'using parquet')) }}
{% endmaterialization %}

{% materialization view, adapter='spark' %}
    {{ return(made('view', '')) }}
{% endmaterialization %}

{% macro made(type, how) -%}
    {%- set relation = this.incorporate(type=type) -%}
    {% call statement('main') -%}
        create {{ type }} {{ relation }} {{ how }} as
        {{ compiled_code }}
    {%- endcall %}
    {{ return({'relations': [relation]}) }}
{%- endmacro %}
