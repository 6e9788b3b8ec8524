{{ config(materialized='view') }}

{{ union_staging('tickets') }}
