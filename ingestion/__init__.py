"""Vendor exports in, typed Parquet lake out. Knows files, people and settings; nothing of Dagster, dbt or KPIs' SQL."""
