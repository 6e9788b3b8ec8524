{{ config(materialized='view') }}

{{ union_staging('order_lines') }}
