{# Arithmetic on decimals that a single large row must not end the night with. #}

{# The product of two DECIMAL(18,6). Of two such factors DuckDB makes a DECIMAL(18,12), which ends at a million; with a wider
   one it counts in 38 digits. #}
{% macro exact_product(left, right) -%}
    cast(cast({{ left }} as decimal(19, 6)) * {{ right }} as decimal(28, 6))
{%- endmacro %}
