{#
    Erlang C: how likely a call waits, and how many are answered in time, when `load` erlangs (calls × handle time ÷
    period) meet `agents` agents. Formulas over columns or literals; which load a queue has stands in the models.
    Erlang B by its recursion stays in 0..1 at any load, where factorials overflow at 171 agents.
#}

{# Erlang B of one agent more: `blocking` is that of `agents` - 1; it is 1 without agents. #}
{% macro erlang_blocking(blocking, agents, load) -%}
    ({{ load }} * {{ blocking }} / ({{ agents }} + {{ load }} * {{ blocking }}))
{%- endmacro %}

{# Erlang C, the share of calls that wait at all. `blocking` is Erlang B of the same agents; they must exceed the load. #}
{% macro erlang_waiting(blocking, agents, load) -%}
    ({{ agents }} * {{ blocking }} / ({{ agents }} - {{ load }} * (1 - {{ blocking }})))
{%- endmacro %}

{# Share of calls answered within `threshold` seconds; as many agents as erlangs or fewer answer none. #}
{% macro erlang_service_level(blocking, agents, load, handle_seconds, threshold) -%}
    case
        when {{ agents }} > {{ load }}
            then 1 - {{ erlang_waiting(blocking, agents, load) }}
                * exp(-({{ agents }} - {{ load }}) * {{ threshold }} / {{ handle_seconds }})
        else 0
    end
{%- endmacro %}
