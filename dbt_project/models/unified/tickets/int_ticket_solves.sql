{{ config(materialized='by_key', key=['contact_id'], touched='contacts') }}

select contact_id, changed_at as solved_at
from {{ ref('int_ticket_transitions') }}
where is_solved
union all
select contact_id, first_solved_at
from {{ ref('int_ticket_solutions') }}
where is_vendor_metric
    and first_solved_at is not null
