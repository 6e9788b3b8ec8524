{# Fails with every file whose rows are not all loaded, duplicate or rejected. #}
{% test rows_account_for_all(model) %}
select *
from {{ model }}
where rows_read <> rows_loaded + rows_duplicate + rows_rejected
{% endtest %}
