{# Fails with one row per combination of `columns` that stands more than once, or that holds a null in them or in
   `filled`. One test for all of a model's keys: dbt takes as long for each test as DuckDB takes for several of them. #}
{% test unique_combination(model, columns, filled=[]) %}
select {{ columns | join(', ') }}, count(*) as times
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1
    {%- for column in columns %} or {{ column }} is null{% endfor %}
    {%- for column in filled %} or count({{ column }}) < count(*){% endfor %}
{% endtest %}
