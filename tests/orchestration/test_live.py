"""Progress lines, in a pipe and on a terminal."""

import io
import os
import pty

from orchestration.lib.live import shown_on

LINES = [
    "run r as of now",
    "ingest: 2 streams",
    "  [bold]generic/tickets[/]: 5 rows",
    "dbt: 3 of 141 models",
    "dbt: done",
]


def _all_of(terminal: int) -> bytes:
    """What was written to the other end, which is closed: in as many pieces as the system likes to give."""
    seen = b""
    while True:
        try:
            piece = os.read(terminal, 100_000)
        except OSError:
            return seen
        if not piece:
            return seen
        seen += piece


def test_a_pipe_has_the_lines_and_nothing_else():
    out = io.StringIO()
    with shown_on(out) as show:
        for line in LINES:
            show(line)
    assert out.getvalue() == "\n".join([*LINES, ""])


def test_a_terminal_keeps_the_lines_and_shows_how_far_a_step_is(monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w") as terminal, shown_on(terminal) as show:
        for line in LINES:
            show(line)
    seen = _all_of(ours).decode()
    os.close(ours)
    for line in LINES:
        assert line in seen
    assert "\x1b[?25l" in seen and seen.rstrip().endswith("\x1b[2K"), "the cursor rests meanwhile, the last status goes"
    kept = [line for line in seen.splitlines() if line in LINES]
    assert "dbt: 3 of 141 models" not in kept
