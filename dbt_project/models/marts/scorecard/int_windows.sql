{{ config(materialized='view') }}

select * from {{ ref('int_target_windows') }}
union all by name
select * from {{ ref('int_intervention_windows') }}
