{# The logarithm of the gamma function of a number above 0. #}
{% macro log_gamma(x) -%}
    {{ adapter.dispatch('log_gamma')(x) }}
{%- endmacro %}

{% macro default__log_gamma(x) -%}
    lgamma({{ x }})
{%- endmacro %}

{# Lanczos' approximation with nine coefficients, exact to about 1e-14 of the value. #}
{% macro spark__log_gamma(x) -%}
    {%- set z = '(cast(' ~ x ~ ' as double) - 1)' -%}
    (
        0.9189385332046727 + ({{ z }} + 0.5) * ln({{ z }} + 7.5) - ({{ z }} + 7.5) + ln(
            0.99999999999980993
            {%- for coefficient in (
                '676.5203681218851', '-1259.1392167224028', '771.32342877765313', '-176.61502916214059',
                '12.507343278686905', '-0.13857109526572012', '9.9843695780195716e-6', '1.5056327351493116e-7'
            ) %}
            + cast({{ coefficient }} as double) / ({{ z }} + {{ loop.index }})
            {%- endfor %}
        )
    )
{%- endmacro %}
