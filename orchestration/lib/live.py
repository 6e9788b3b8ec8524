"""Progress on a terminal: every line stays, and below them stands what is being done and since when.

In a pipe or a log of cron there are the lines alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

#: "dbt: 60 of 141 models": how far a step is, which need not stay.
HOW_FAR = re.compile(r"^(\w+): (\d+) of (\d+) ")
STEP = re.compile(r"^(\w+): ")


@contextmanager
def shown_on(terminal: TextIO) -> Iterator[Callable[[str], None]]:
    """A way to show a line."""
    if not terminal.isatty():
        yield lambda text: print(text, file=terminal, flush=True)
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    # Stdout and stderr belong to the log by now.
    own = {"transient": True, "redirect_stdout": False, "redirect_stderr": False}
    with Progress(*columns, console=Console(file=terminal, highlight=False), **own) as progress:
        task, step = progress.add_task("starting"), "starting"

        def show(text: str) -> None:
            nonlocal step
            if (found := STEP.match(text)) and found[1] != step:
                step = found[1]
                progress.reset(task)
            if HOW_FAR.match(text):
                progress.update(task, description=text, refresh=True)
                return
            progress.console.print(text, markup=False, soft_wrap=True)
            progress.update(task, description=step)

        yield show
