"""Pulls: pages of the vendors' APIs into the landing area. How a vendor is asked stands in `ingestion.adapters.api`."""
