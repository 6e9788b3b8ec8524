"""`support-kpis serve`: the current version into the database server, without a night. How: orchestration/serving."""

from __future__ import annotations

import click

from orchestration.cli_options import BUSY, STOPPED, examples, home_option, note, wait_option


@click.command(epilog=examples("serve"))
@home_option
@wait_option
def serve(home, wait) -> int:
    """Load the published version into the PostgreSQL server of SUPPORT_KPIS_POSTGRES_URL, as every night does. What
    is there already is not loaded again."""
    from ingestion.catalogue import kpi_catalogue
    from ingestion.configuration import load_configuration
    from ingestion.errors import ConfigError
    from ingestion.settings import load_settings
    from orchestration.lib.run_lock import RunActiveError, hold
    from orchestration.serving.load import serve as load
    from orchestration.serving.place import FORM, NAME, ServeError, driver, place_of

    settings = load_settings(home=home)
    configuration = load_configuration(settings, kpi_catalogue())
    place = place_of(settings, configuration)
    if place is None:
        raise ConfigError(f"{NAME} is not set; write {FORM} there (.env.example)")
    driver()
    if not (settings.published / "current").exists():
        note(f"support-kpis: nothing is published under {settings.published} yet; start with support-kpis run")
        return STOPPED
    try:
        with hold(settings.lock_path, wait_seconds=wait, run_id="serve", say=note):
            found = load(settings, configuration, place, lambda text: None)
    except RunActiveError as error:
        note(f"support-kpis: {error}")
        return BUSY
    except ServeError as error:
        note(f"support-kpis: {error}; mend it and call serve again")
        return STOPPED
    told = f"{found.loaded} of {found.tables} tables loaded, {found.rows:,} rows, in {found.seconds:.1f} s"
    note(f"schema {place.schema} shows {found.run_id}: {told}")
    return 0
