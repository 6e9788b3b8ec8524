{{ config(materialized='view') }}

{{ union_staging('survey_responses') }}
