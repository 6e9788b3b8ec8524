"""`support-kpis pull`: the vendors' APIs alone, without a night. What is asked of them: ingestion/pulls."""

from __future__ import annotations

import click

from orchestration.cli_options import BUSY, STOPPED, examples, home_option, note, wait_option


@click.command(epilog=examples("pull", "pull zendesk", "pull zendesk/tickets --from 2026-01-01 --until 2026-01-31"))
@click.argument("sources", nargs=-1)
@click.option("--from", "first", metavar="DAY", help="Pull again what changed on this day or later; with --until.")
@click.option("--until", "last", metavar="DAY", help="The last day that is pulled again.")
@home_option
@wait_option
def pull(sources, first, last, home, wait) -> int:
    """Pull what is new from the APIs of SOURCES (a source or a stream each; default: all in settings.toml) into the
    landing area. The next run loads it; a run pulls by itself, too."""
    from ingestion.catalogue import kpi_catalogue
    from ingestion.configuration import load_configuration
    from ingestion.errors import ConfigError
    from ingestion.pulls.pull import pull as pull_all
    from ingestion.settings import load_settings
    from orchestration.lib.home import prepare_home
    from orchestration.lib.launch_form import read_form
    from orchestration.lib.run_lock import RunActiveError, hold

    settings = load_settings(home=home)
    configuration = load_configuration(settings, kpi_catalogue())
    general = configuration.settings
    if not general["pulls"]:
        raise ConfigError("settings.toml has no [pulls.<source>]; README, `Pull from an API`, shows one")
    asked = read_form(list(sources), (None, None), (first, last), [], general["time_zone"])
    prepare_home(settings, general["retention"]["run_days"])
    try:
        with hold(settings.lock_path, wait_seconds=wait, run_id="pull", say=note):
            found = pull_all(settings, configuration, only=asked.streams, days=asked.pulled_days, progress=note)
    except RunActiveError as error:
        note(f"support-kpis: {error}")
        return BUSY
    if not found:
        raise ConfigError(f"nothing of {' '.join(sources)} is pulled; settings.toml pulls {' '.join(general['pulls'])}")
    return STOPPED if any(one.error for one in found.values()) else 0
