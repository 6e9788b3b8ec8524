"""`make ui`: Dagster's webserver and its daemon on loopback, both ended by one Ctrl-C.

Not here: definitions. The UI has no login, so it must not listen on any other address.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import click

from ingestion.errors import ConfigError
from ingestion.settings import CHECKOUT, Settings, load_settings
from orchestration.lib.home import QUIET

HOST = "127.0.0.1"
MODULE = "orchestration.definitions"
STOP_SECONDS = 20


@click.command()
@click.option("--home", type=click.Path(path_type=Path), help="The data directory (default: var/ here).")
@click.option("--port", type=int, default=3000, show_default=True)
@click.option("--read-only", is_flag=True, help="For viewers: nothing can be started or changed; no schedules run.")
def ui(home: Path | None, port: int, read_only: bool) -> None:
    """Serve the Dagster UI and run its schedules until interrupted."""
    settings = loaded(home)
    folder = Path(sys.executable).parent
    webserver = [sys.executable, "-m", "orchestration.webserver", "-m", MODULE, "-h", HOST, "-p", str(port)]
    daemon = [folder / "dagster-daemon", "run", "-m", MODULE]
    commands = [[*webserver, "--read-only"]] if read_only else [webserver, daemon]
    # Both, as a shell that starts this in the background has SIGINT ignored.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    click.echo(f"Dagster UI{', read-only' * read_only}: http://{HOST}:{port}  (Ctrl-C ends it)")
    # A session of their own: a Ctrl-C in the terminal reaches this process alone, which then ends both in order.
    environment = {**os.environ, **QUIET, "DAGSTER_HOME": str(settings.dagster_home)}
    environment["SUPPORT_KPIS_HOME"] = str(settings.home)
    processes = [
        subprocess.Popen([str(part) for part in command], cwd=CHECKOUT, env=environment, start_new_session=True)
        for command in commands
    ]
    code = 0
    try:
        while all(process.poll() is None for process in processes):
            time.sleep(0.5)
        code = 1
    except KeyboardInterrupt:
        pass
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
    sys.exit(code)


def loaded(home: Path | None) -> Settings:
    """The settings of a home that Dagster can load: what is wrong is said here, in one line, not in a browser."""
    from orchestration.definitions import defs_of
    from orchestration.lib.dbt import DbtProjectError

    try:
        settings = load_settings(home=home)
        defs_of(settings)
        return settings
    except (ConfigError, DbtProjectError, OSError) as error:
        sys.exit(f"support-kpis: {error}")


if __name__ == "__main__":
    ui()
