{#
    Tests of significance in SQL, exact to about 1e-12. What belongs here: formulas without a KPI in them.
    The engines have neither erf nor the hypergeometric distribution.
#}

{# Two-sided p of a standard normal z: a series below |z| = 4, a continued fraction above. #}
{% macro two_sided_p(z) -%}
    case
        when {{ z }} is null then null
        when abs({{ z }}) < 4 then greatest(0, 1 - 2 * exp(-{{ z }} * {{ z }} / 2) / sqrt(2 * pi()) * abs({{ z }}) * list_reduce(
            range(60, -1, -1), lambda total, k: 1 + total * {{ z }} * {{ z }} / (2 * k + 3), cast(1 as double)
        ))
        else 2 * exp(-{{ z }} * {{ z }} / 2) / sqrt(2 * pi()) / list_reduce(
            range(60, 0, -1), lambda total, k: abs({{ z }}) + k / total, abs({{ z }})
        )
    end
{%- endmacro %}

{# z of two proportions x1/n1 and x2/n2, pooled; null without spread. #}
{% macro two_proportion_z(x1, n1, x2, n2) -%}
    ({{ x1 }} / {{ n1 }}::double - {{ x2 }} / {{ n2 }}::double) / nullif(sqrt(
        ({{ x1 }} + {{ x2 }}) / ({{ n1 }} + {{ n2 }})::double * (1 - ({{ x1 }} + {{ x2 }}) / ({{ n1 }} + {{ n2 }})::double)
        * (1 / {{ n1 }}::double + 1 / {{ n2 }}::double)
    ), 0)
{%- endmacro %}

{# log of n over k. #}
{% macro log_choose(n, k) -%}
    ({{ log_gamma(n ~ ' + 1') }} - {{ log_gamma('(' ~ k ~ ') + 1') }} - {{ log_gamma(n ~ ' - (' ~ k ~ ') + 1') }})
{%- endmacro %}

{# Fisher's exact two-sided p: all tables with these margins that are no likelier than the one seen. #}
{% macro fisher_exact_p(x1, n1, x2, n2) -%}
    least(1, list_sum(list_transform(
        list_filter(
            list_transform(
                range(greatest(0, {{ x1 }} + {{ x2 }} - {{ n2 }}), least({{ n1 }}, {{ x1 }} + {{ x2 }}) + 1),
                lambda k: {{ log_choose(n1, 'k') }} + {{ log_choose(n2, x1 ~ ' + ' ~ x2 ~ ' - k') }}
            ),
            lambda weight: weight <= {{ log_choose(n1, x1) }} + {{ log_choose(n2, x2) }} + 1e-9
        ),
        lambda weight: exp(weight - {{ log_choose(n1 ~ ' + ' ~ n2, x1 ~ ' + ' ~ x2) }})
    )))
{%- endmacro %}
