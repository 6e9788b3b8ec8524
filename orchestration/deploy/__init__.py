"""Nights beyond one process: Dagster's services apart from each other, steps on Celery's workers. Without
SUPPORT_KPIS_CELERY_BROKER nothing here is loaded but broker.py and look.py, which load nothing."""
