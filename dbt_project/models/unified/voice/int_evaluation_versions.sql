{{ config(materialized='view') }}

{{ union_staging('evaluations') }}
