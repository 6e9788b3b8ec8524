"""Where progress lines go: to the terminal of `support-kpis run`, or nowhere when Dagster runs the job itself.

Not here: Dagster's event log, which each step writes through its own context.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

_sinks: list[Callable[[str], None]] = []


def say(text: str) -> None:
    """Hand one line to whoever listens in this process."""
    for sink in _sinks:
        sink(text)


@contextmanager
def listening(sink: Callable[[str], None]) -> Iterator[None]:
    """Send every line of the block to `sink`."""
    _sinks.append(sink)
    try:
        yield
    finally:
        _sinks.remove(sink)
