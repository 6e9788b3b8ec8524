"""The published version in a database server, for BI tools that want one: PostgreSQL, whole or not at all.

Optional: nothing of it happens without `SUPPORT_KPIS_POSTGRES_URL`. Not here: the version itself (lib.versions).
"""
