{#
    Each key of `neighbours`, a query of pairs (key, other_key) both ways round, with the smallest key that it is connected
    to over any number of them (label). In each round all keys of one label take the smallest label next to any of them,
    then the label which that one has taken. Labels only fall and stay among the connected, so it ends when neighbours
    agree: about log2(keys) rounds.
#}
{% macro smallest_connected(neighbours) -%}
    {{ adapter.dispatch('smallest_connected')(neighbours) }}
{%- endmacro %}

{% macro default__smallest_connected(neighbours) -%}
    with recursive

    neighbours as (
        {{ neighbours }}
    ),

    rounds as (
        select distinct key, key as label from neighbours
        union all
        select * from ({{ next_labels('neighbours', 'rounds') }}) as next_round
    )

    select key, min(label) as label from rounds group by key
{%- endmacro %}

{# Spark recurses without aggregates only: here every round is a table, of this model's name and a number. #}
{% macro spark__smallest_connected(neighbours) -%}
    {%- if execute -%}
        {%- set pairs, found = this ~ '_neighbours', namespace(round=0, ends=false) -%}
        {% do run_query('create table ' ~ pairs ~ ' using parquet as ' ~ neighbours) %}
        {% do run_query('create table ' ~ this ~ '_0 using parquet as select distinct key, key as label from ' ~ pairs) %}
        {%- for round in range(1, 200) -%}
            {%- if not found.ends -%}
                {%- set now = this ~ '_' ~ round -%}
                {%- set step = next_labels(pairs, this ~ '_' ~ (round - 1)) -%}
                {% do run_query('create table ' ~ now ~ ' using parquet as ' ~ step) %}
                {%- if run_query('select count(*) as rows from ' ~ now).columns[0].values()[0] == 0 -%}
                    {%- set found.round, found.ends = round - 1, true -%}
                {%- endif -%}
            {%- endif -%}
        {%- endfor -%}
        select key, label from {{ this }}_{{ found.round }}
    {%- endif -%}
{%- endmacro %}

{# The labels of the next round; no rows where neighbours agree. #}
{% macro next_labels(neighbours, rounds) -%}
    with nearest as (
        select mine.label, min(least(mine.label, other.label)) as nearest_label
        from {{ rounds }} as mine
        inner join {{ neighbours }} as neighbours on mine.key = neighbours.key
        inner join {{ rounds }} as other on neighbours.other_key = other.key
        group by mine.label
    ),

    stepped as (
        select rounds.key, nearest.nearest_label as label
        from {{ rounds }} as rounds
        inner join nearest on rounds.label = nearest.label
    )

    select stepped.key, jumped.label
    from stepped
    inner join stepped as jumped on stepped.label = jumped.key
    where exists (select 1 from nearest where label <> nearest_label)
{%- endmacro %}
