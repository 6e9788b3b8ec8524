"""What Dagster loads, one file per kind of thing. Code they share stands in `orchestration/lib`."""
