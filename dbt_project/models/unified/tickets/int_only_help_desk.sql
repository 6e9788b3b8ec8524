{{ config(materialized='compared', key=['source']) }}

-- A bare ticket id names a ticket of the row's own source, else of the only help desk there is.
select min(source) as source
from {{ ref('int_tickets') }}
having count(distinct source) = 1
