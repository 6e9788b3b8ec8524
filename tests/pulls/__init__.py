"""Pulls against a local server that behaves like each vendor: paging, borders that repeat, limits, faults."""
