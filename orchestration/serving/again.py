"""Serving where it follows another command and a night does not: after `rollback` and `forget`."""

from __future__ import annotations

from ingestion.catalogue import kpi_catalogue
from ingestion.configuration import Configuration, load_configuration
from ingestion.errors import ConfigError
from ingestion.settings import Settings
from orchestration.lib import progress
from orchestration.lib.versions import current_version
from orchestration.serving.load import serve
from orchestration.serving.place import ServeError, place_of


def not_served(settings: Settings, configuration: Configuration | None = None) -> str | None:
    """Serves the current version; None if that is done, or no server is set or nothing is published, else why not, in
    one line. The caller holds the run lock."""
    try:
        configuration = configuration or load_configuration(settings, kpi_catalogue())
        place = place_of(settings, configuration)
        if place is None or current_version(settings.published) is None:
            return None
        serve(settings, configuration, place, progress.say)
    except (ConfigError, ServeError) as error:
        return f"the database server still shows the version before: {error}. Next: mend it, then support-kpis serve"
    return None
