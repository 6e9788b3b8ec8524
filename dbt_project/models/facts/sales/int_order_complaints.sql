{{ config(materialized='compared', key=['order_id']) }}

select order_id, marketplace
from {{ ref('fct_rating') }}
where is_negative and order_id is not null
union
select order_id, marketplace
from {{ ref('int_order_defects') }}
where status in ('open', 'granted') and order_id is not null
