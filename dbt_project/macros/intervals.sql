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

{# Student's t below which 97.5 % lie: an expansion, too small for few facts, made exact by Newton's steps. Its area from 0 to t is
   that of a power of the cosine from 0 to atan(t / sqrt(freedom)), added up by Simpson's rule over a hundred strips. #}
{% macro student_975(freedom) -%}
    {%- set factor = 'exp(' ~ log_gamma('(' ~ freedom ~ ' + 1) / 2') ~ ' - ' ~ log_gamma(freedom ~ ' / 2') ~ ') / sqrt(pi())' -%}
    {%- set strip = '(atan(t / sqrt(' ~ freedom ~ ')) / 100)' -%}
    list_reduce(
        [0, 0, 0, 0, 0]::double[],
        lambda t, step: t + (
            0.475 - {{ factor }} * {{ strip }} / 3 * list_sum(list_transform(range(101), lambda k:
                case when k in (0, 100) then 1 when k % 2 = 1 then 4 else 2 end * pow(cos({{ strip }} * k), {{ freedom }} - 1)
            ))
        ) / ({{ factor }} / sqrt({{ freedom }}) * pow(1 + t * t / {{ freedom }}, -({{ freedom }} + 1) / 2)),
        1.959963984540054 + 2.3722712289 / {{ freedom }} + 2.8224986 / pow({{ freedom }}, 2)
        + 2.5558497 / pow({{ freedom }}, 3) + 1.5895341 / pow({{ freedom }}, 4)
    )
{%- endmacro %}

{# Welch's interval of a difference of means: t of the 97.5th percentile times the standard error; no error, no reach. #}
{% macro welch_reach(variance1, n1, variance2, n2) -%}
    {%- set error = '(' ~ variance1 ~ ' / ' ~ n1 ~ ' + ' ~ variance2 ~ ' / ' ~ n2 ~ ')' -%}
    {%- set freedom = '(pow(' ~ error ~ ', 2) / nullif(pow(' ~ variance1 ~ ' / ' ~ n1 ~ ', 2) / (' ~ n1 ~ ' - 1) + pow('
        ~ variance2 ~ ' / ' ~ n2 ~ ', 2) / (' ~ n2 ~ ' - 1), 0))' -%}
    coalesce({{ student_975(freedom) }}, case when {{ error }} = 0 then 0 end) * sqrt({{ error }})
{%- endmacro %}
