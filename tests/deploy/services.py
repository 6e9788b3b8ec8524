"""The deployment of orchestration/deploy on this machine: a Redis of its own, services as their units start them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from ingestion.settings import CHECKOUT
from tests.drivers import PYTHON, environment, free_port, has_package

DEPLOY = CHECKOUT / "orchestration" / "deploy"
UNITS = DEPLOY / "units"
REDIS = shutil.which("redis-server")
SECONDS = 600
needs_celery = pytest.mark.skipif(
    not has_package("dagster_celery"),
    reason="no dagster-celery in .venv-remote; make test-all puts it there",
)
needs_redis = pytest.mark.skipif(REDIS is None, reason="no Redis here (Debian: apt-get install redis-server)")


@contextmanager
def redis(password: str) -> Iterator[str]:
    """The URL of a Redis that asks for a password, which ends with the block."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="support_kpis_redis_") as folder:
        options = ["--port", str(port), "--bind", "127.0.0.1", "--requirepass", password, "--save", "", "--dir", folder]
        process = subprocess.Popen([REDIS, *options], stdout=subprocess.DEVNULL)
        try:
            yield f"redis://:{password}@127.0.0.1:{port}/0"
        finally:
            process.terminate()
            process.wait()


@dataclass
class Services:
    """`env`: what /etc/support-kpis.env would say. Logs of the services lie in `logs`."""

    env: dict[str, str]
    logs: Path
    code_port: int = field(default_factory=free_port)
    port: int = field(default_factory=free_port)
    running: dict[str, subprocess.Popen] = field(default_factory=dict)

    def __post_init__(self) -> None:
        workspace = (DEPLOY / "workspace.yaml").read_text()
        assert workspace.count("4266") == 1
        self.logs.mkdir()
        (self.logs / "workspace.yaml").write_text(workspace.replace("4266", str(self.code_port)))

    def start(self, *names: str) -> None:
        """Starts units by name, those of a template with their instance: `support-kpis-ingest@1`."""
        for name in names:
            before, command = self.commands(name)
            for one in before:
                subprocess.run(one, check=True, cwd=CHECKOUT, env=environment(**self.env))
            with (self.logs / f"{name}.log").open("a") as log:
                ends = {"stdout": log, "stderr": log, "start_new_session": True}
                env = environment(**self.env)
                self.running[name] = subprocess.Popen(command, cwd=CHECKOUT, env=env, **ends)

    def commands(self, name: str) -> tuple[list[list[str]], list[str]]:
        """ExecStartPre and ExecStart of a unit, with this machine's interpreter, workspace and ports."""
        stem, _, instance = name.partition("@")
        text = (UNITS / f"{stem}{'@' * ('@' in name)}.service").read_text()
        assert "/srv/support-kpis/.venv/bin/python" in text
        for old, new in {
            "/srv/support-kpis/.venv/bin/python": str(PYTHON),
            "orchestration/deploy/workspace.yaml": str(self.logs / "workspace.yaml"),
            "-p 4266": f"-p {self.code_port}",
            "-p 3000": f"-p {self.port}",
            "%i": instance,
            "%%": "%",
        }.items():
            text = text.replace(old, new)
        lines = [line.partition("=") for line in text.splitlines()]
        (command,) = [words.split() for key, _, words in lines if key == "ExecStart"]
        return [words.split() for key, _, words in lines if key == "ExecStartPre"], command

    def stop(self, *names: str) -> None:
        for name in names:
            process = self.running.pop(name)
            process.terminate()
            process.wait(timeout=60)

    def kill(self, name: str) -> None:
        """All of its processes at once, as when the machine goes down."""
        process = self.running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def end(self) -> None:
        """All of them, however it is done: what is left of their homes nobody looks at."""
        for process in self.running.values():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        for process in self.running.values():
            process.wait()

    def ask(self, query: str, **variables: Any) -> dict:
        body = json.dumps({"query": query, "variables": variables}).encode()
        address = f"http://127.0.0.1:{self.port}/graphql"
        request = urllib.request.Request(address, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=180) as answer:
            said = json.load(answer)
        assert "errors" not in said, said
        return said["data"]

    def wait_for(self, what: Callable[[], Any], seconds: float = SECONDS) -> Any:
        """What it gives once that is true."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            dead = [name for name, process in self.running.items() if process.poll() is not None]
            assert not dead, f"{dead} ended: {(self.logs / f'{dead[0]}.log').read_text()[-3000:]}"
            try:
                if found := what():
                    return found
            except OSError:
                pass
            time.sleep(0.3)
        raise AssertionError(f"not within {seconds} s: {what}")
