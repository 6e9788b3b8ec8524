{# P(X >= n) of a Poisson count X with a mean above 0: one less the n terms below, added in one order, each by its logarithm. #}
{% macro poisson_upper_tail(n, mean) -%}
    1 - coalesce(list_sum([
        exp(k * ln({{ mean }}) - {{ mean }} - {{ log_gamma("k + 1") }}) for k in range(0, cast({{ n }} as bigint))
    ]), 0)
{%- endmacro %}
