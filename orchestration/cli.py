"""The console script `support-kpis`: options, exit codes and what is printed. The work is done in `orchestration/lib`.

Heavy imports (Dagster, dbt, DuckDB) stand inside the commands, so that --help and a wrong option answer at once.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ingestion.errors import ConfigError
from orchestration.cli_options import BUSY, PUBLISHED, STOPPED, WRONG_USAGE, examples, home_option, note, wait_option
from orchestration.cli_pull import pull
from orchestration.cli_serve import serve
from orchestration.cli_spark import spark

if TYPE_CHECKING:
    from orchestration.lib.job import Outcome

NAME = "support-kpis"
STATE_COLOURS = {"ok": "green", "note": "yellow", "problem": "red"}


@click.group(epilog=examples("doctor", "run", "scorecard", "COMMAND --help"))
def cli() -> None:
    """Customer-support KPIs, every night: exports in, a checked and published version out."""


@cli.command(epilog=examples("run", "run --as-of 2026-03-02T00:00:00Z --json", "run --reload zendesk/tickets"))
@home_option
@click.option(
    "--as-of", metavar="INSTANT", help="ISO 8601 instant with offset that everything is judged by (default: now)."
)
@click.option("--full-refresh", is_flag=True, help="Rebuild the warehouse from the lake.")
@click.option(
    "--reload", multiple=True, metavar="SOURCE/STREAM", help="Read this stream's landing files again; all: every one."
)
@wait_option
@click.option("--or-sample", is_flag=True, help="When nothing has landed, write sample exports and run at their end.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on stdout, on failure too.")
def run(home, as_of, full_refresh, reload, wait, or_sample, as_json) -> int:
    """The nightly job, once: ingest, build, check, publish."""
    from ingestion.settings import load_settings
    from orchestration.lib.closing import closing_lines
    from orchestration.lib.job import Options, run_nightly

    began = time.monotonic()
    outcome = run_nightly(Options(home, as_of, full_refresh, list(reload), wait, or_sample))
    if as_json:
        click.echo(json.dumps(outcome.as_json()))
    if outcome.error:
        note(f"support-kpis: {outcome.error}")
    elif outcome.published:
        for line in closing_lines(outcome, load_settings(home=home), time.monotonic() - began):
            note(line)
    return exit_code(outcome)


cli.add_command(pull)
cli.add_command(serve)
cli.add_command(spark)


def exit_code(outcome: Outcome) -> int:
    """The contract's exit codes; a missed target is a result, not a failure."""
    if outcome.busy:
        return BUSY
    return PUBLISHED if outcome.published else STOPPED


@cli.command(epilog=examples("simulate --home /tmp/big --days 365 --contacts-per-day 500 --seed 1"))
@home_option
@click.option("--days", type=click.IntRange(min=1), required=True, help="Length of the history.")
@click.option("--contacts-per-day", type=click.IntRange(min=1), required=True, help="Contacts on an average day.")
@click.option("--seed", type=int, required=True, help="The same seed and options give the same bytes.")
@click.option("--end", type=click.DateTime(["%Y-%m-%d"]), help="First day without history, UTC (default: today).")
def simulate(home, days, contacts_per_day, seed, end) -> int:
    """Write seeded, vendor-shaped sample exports into the landing area."""
    from ingestion import modes
    from ingestion.settings import load_settings
    from ingestion.simulator import simulate as write_exports

    settings = load_settings(home=home)
    if settings.is_remote:
        told = f"simulate writes no samples to {settings.landing_url}"
        raise ConfigError(f"{told}; call it with SUPPORT_KPIS_LANDING_URL=/a/folder")
    last = (end or datetime.now(UTC)).date()
    modes.keep_new_files_private()
    settings.landing.mkdir(mode=modes.PRIVATE_FOLDER, parents=True, exist_ok=True)
    write_exports(settings.landing, days=days, contacts_per_day=contacts_per_day, seed=seed, end=last, progress=note)
    note(f"sample exports of {days} days up to {last} stand in {settings.landing}")
    return 0


@cli.command(epilog=examples("scorecard", "scorecard --json | jq '.targets[] | select(.status == \"missed\")'"))
@home_option
@click.option("--plain", is_flag=True, help="Without colour, as in a pipe.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on stdout.")
def scorecard(home, plain, as_json) -> int:
    """Print the published scorecard and where the published files are."""
    from ingestion.settings import load_settings
    from orchestration.lib.published import current_scorecard, scorecard_json, scorecard_text

    published = load_settings(home=home).published
    found = current_scorecard(published)
    if found is None:
        note(f"support-kpis: nothing is published under {published} yet; start with support-kpis run")
        return STOPPED
    click.echo(scorecard_json(*found) if as_json else scorecard_text(published, *found), color=False if plain else None)
    return 0


@cli.command(epilog=examples("preview targets.csv", "preview ~/new/channels.csv ~/new/issue_types.csv"))
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@home_option
@wait_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on stdout.")
def preview(files, home, wait, as_json) -> int:
    """What changed FILES of the configuration would move in the last night's numbers. Publishes and changes nothing."""
    from orchestration.lib.moves import moves_json, moves_text
    from orchestration.lib.preview import preview as look_ahead
    from orchestration.lib.run_lock import RunActiveError

    try:
        moves = look_ahead(home, list(files), wait, note)
    except RunActiveError as error:
        note(f"support-kpis: {error}")
        return BUSY
    click.echo(moves_json(moves) if as_json else moves_text(moves))
    return 0


@cli.command(epilog=examples("doctor", "doctor --json"))
@home_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list on stdout.")
def doctor(home, as_json) -> int:
    """Look at settings, sources, lock, last run, disk and versions, and say what to do next. Changes nothing."""
    from orchestration.lib.doctor import PROBLEM, examine, next_step

    found = examine(home)
    if as_json:
        click.echo(json.dumps([one.as_json() for one in found]))
    else:
        width = max(len(one.topic) for one in found)
        for one in found:
            state = click.style(f"{one.state:7}", fg=STATE_COLOURS[one.state])
            click.echo(f"{state}  {one.topic:{width}}  {one.text}")
        click.echo(f"\nnext: {next_step(found)}")
    return STOPPED if any(one.state == PROBLEM for one in found) else 0


@cli.command(epilog=examples("rollback", "rollback 04f80d83-1863-4926-84cb-755d448b986b"))
@click.argument("version", required=False)
@home_option
def rollback(version, home) -> int:
    """Point `current` at VERSION, by default the one published before the current one."""
    from ingestion.settings import load_settings
    from orchestration.lib.run_lock import RunActiveError, hold
    from orchestration.lib.versions import UnknownVersionError, earlier
    from orchestration.lib.versions import rollback as switch_back
    from orchestration.serving.again import not_served

    settings = load_settings(home=home)
    try:
        earlier(settings.published, version)  # before the lock, whose file would be made where there is nothing
        with hold(settings.lock_path, wait_seconds=600, run_id="rollback", say=note):
            chosen = switch_back(settings.published, version)
            note(f"current is now {chosen}")
            failed = not_served(settings)
    except UnknownVersionError as error:
        note(f"support-kpis: {error}")
        return WRONG_USAGE
    except RunActiveError as error:
        note(f"support-kpis: {error}")
        return BUSY
    if failed:
        note(f"support-kpis: {failed}")
        return STOPPED
    return 0


@cli.command(epilog=examples("forget --email kim@example.org", "forget --phone '+49 30 123456'"))
@click.option("--email", metavar="E", help="The customer's e-mail address.")
@click.option("--phone", metavar="P", help="The customer's phone number, as the exports have it or as +49 30 123456.")
@home_option
@wait_option
def forget(email, phone, home, wait) -> int:
    """Forget a customer everywhere; their contacts stay in volume. Lists the landing files that still hold them."""
    from orchestration.lib.forget import forget as forget_customer

    if (email is None) == (phone is None):
        raise click.UsageError("forget: give either --email or --phone")
    result = forget_customer(home, "email" if phone is None else "phone", email if phone is None else phone, wait)
    for line in result.lines:
        click.echo(line)
    if result.error:
        note(f"support-kpis: {result.error}")
        return BUSY if result.busy else STOPPED
    return 0


@cli.command(
    epilog=examples("completion bash >> ~/.bashrc", "completion fish > ~/.config/fish/completions/support-kpis.fish")
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell) -> int:
    """Print what makes SHELL complete commands and options."""
    from click.shell_completion import get_completion_class

    click.echo(get_completion_class(shell)(cli, {}, NAME, f"_{NAME}_COMPLETE".replace("-", "_").upper()).source())
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """The console script. Returns the exit code; what is wrong is said in one line."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    try:
        return cli.main(args=arguments, prog_name=NAME, standalone_mode=False) or 0
    except click.ClickException as error:
        return _failed(WRONG_USAGE, arguments, error.format_message())
    except ConfigError as error:
        return _failed(WRONG_USAGE, arguments, str(error))
    except OSError as error:
        return _failed(STOPPED, arguments, f"{error}; make that place readable and writable, then call it again")
    except click.Abort:
        note("support-kpis: interrupted")
        return STOPPED


def _failed(code: int, arguments: Sequence[str], message: str) -> int:
    note(f"support-kpis: {' '.join(message.split())}")
    if "run" in arguments[:1] and "--json" in arguments:
        from orchestration.lib.outcome import Outcome

        click.echo(json.dumps(Outcome(error=message).as_json()))
    return code


if __name__ == "__main__":
    sys.exit(main())
