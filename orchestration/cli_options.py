"""What the commands of the console script share: options, exit codes, how something is said."""

from __future__ import annotations

import math
from pathlib import Path

import click

PUBLISHED, STOPPED, WRONG_USAGE, BUSY = 0, 1, 2, 3


class _Seconds(click.FloatRange):
    """A span that ends: neither inf nor nan, which no comparison with a bound refuses."""

    def convert(self, value, param, ctx):
        seconds = super().convert(value, param, ctx)
        return seconds if math.isfinite(seconds) else self.fail(f"{value} is no number of seconds.", param, ctx)


home_option = click.option("--home", type=click.Path(path_type=Path), help="The data directory (default: var/ here).")
wait_option = click.option(
    "--wait", type=_Seconds(min=0), default=600, help="Seconds to wait for another run (default: 600)."
)


def examples(*lines: str) -> str:
    """What a command's help ends with."""
    return "\b\nExamples:\n" + "\n".join(f"  support-kpis {line}" for line in lines)


def note(text: str) -> None:
    """On stderr: stdout belongs to what was asked for."""
    click.echo(text, err=True)
