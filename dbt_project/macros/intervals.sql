{#
    95 % intervals of differences. What belongs here: formulas without a KPI in them.
#}

{# A bound of Wilson's score interval of x out of n; sign '-' or '+'. #}
{% macro wilson_bound(x, n, sign) -%}
    (({{ x }} + 1.9207294103470605 {{ sign }} 1.959963984540054 * sqrt(
        {{ x }} * (1 - {{ x }} / {{ n }}) + 0.9603647051735302
    )) / ({{ n }} + 3.841458820694121))
{%- endmacro %}

{# Newcombe's interval of x2/n2 - x1/n1 (hybrid score, no correction): how far the bound lies from the difference. #}
{% macro newcombe_reach(x1, n1, x2, n2, side) -%}
    {%- set low, high = ('-', '+') if side == 'lower' else ('+', '-') -%}
    sqrt(
        pow({{ x2 }} / {{ n2 }} - {{ wilson_bound(x2, n2, low) }}, 2)
        + pow({{ wilson_bound(x1, n1, high) }} - {{ x1 }} / {{ n1 }}, 2)
    )
{%- endmacro %}

{# Welch's interval of a difference of means: t of the 97.5th percentile times the standard error, by expansion of t. #}
{% macro welch_reach(variance1, n1, variance2, n2) -%}
    {%- set error = '(' ~ variance1 ~ ' / ' ~ n1 ~ ' + ' ~ variance2 ~ ' / ' ~ n2 ~ ')' -%}
    {%- set freedom = '(pow(' ~ error ~ ', 2) / nullif(pow(' ~ variance1 ~ ' / ' ~ n1 ~ ', 2) / (' ~ n1 ~ ' - 1) + pow('
        ~ variance2 ~ ' / ' ~ n2 ~ ', 2) / (' ~ n2 ~ ' - 1), 0))' -%}
    (
        1.959963984540054 + 2.3722712289 / {{ freedom }} + 2.8224986 / pow({{ freedom }}, 2)
        + 2.5558497 / pow({{ freedom }}, 3) + 1.5895341 / pow({{ freedom }}, 4)
    ) * sqrt({{ error }})
{%- endmacro %}
