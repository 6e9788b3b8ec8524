"""Every vendor's format beside the canonical one: the same simulated month, exported both ways, gives the same rows.

Belongs here: how a vendor spells what happened (a module each), and the tests. Not here: reading (ingestion/adapters).
"""
