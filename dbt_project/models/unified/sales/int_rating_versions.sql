{{ config(materialized='view') }}

{{ union_staging('ratings') }}
