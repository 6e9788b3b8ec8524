{{ config(materialized='view') }}

{{ union_staging('messages') }}
