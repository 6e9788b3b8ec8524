{{ config(materialized='view') }}

{{ union_staging('status_intervals') }}
