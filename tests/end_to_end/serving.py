"""The UI as a process of its own, over a home: what the tests of it share."""

import os
import socket
import subprocess
import sys
import time

from ingestion.settings import CHECKOUT


def wait_for(what, seconds, process):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert process.poll() is None, "the UI ended by itself"
        try:
            if (found := what()) is not None:
                return found
        except OSError:
            pass
        time.sleep(0.5)
    raise AssertionError(f"not within {seconds} s: {what.__name__}")


def started(home, *options):
    """The process of the UI over `home`, and its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "orchestration.ui", "--home", str(home), "--port", str(port), *options]
    with (home / "ui.log").open("w") as log:
        return subprocess.Popen(command, cwd=CHECKOUT, stdout=log, stderr=log, env=dict(os.environ)), port


def stop(process):
    if process.poll() is None:
        process.terminate()
        process.wait(timeout=60)
