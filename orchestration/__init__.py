"""Dagster definitions, the command line and publishing. What a row means is decided in ingestion/ and dbt_project/."""
