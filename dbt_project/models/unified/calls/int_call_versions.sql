{{ config(materialized='view') }}

{{ union_staging('calls') }}
