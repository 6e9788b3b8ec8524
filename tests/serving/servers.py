"""A PostgreSQL of its own on this machine, and its `psql`, which knows nothing of our driver."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from ingestion.settings import CHECKOUT
from tests.drivers import PYTHON, environment, free_port, has_package

PASSWORD = "p@ss/w:rd%"
QUOTED = "p%40ss%2Fw%3Ard%25"


def _programs() -> Path | None:
    """The folder of the newest server here; Debian keeps it out of PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


PROGRAMS = _programs()
needs_driver = pytest.mark.skipif(
    not has_package("psycopg"),
    reason="no psycopg in .venv-remote; make test-all puts it there",
)
needs_server = pytest.mark.skipif(PROGRAMS is None, reason="no PostgreSQL here (Debian: apt-get install postgresql)")


@dataclass
class Server:
    """A server with a database `bi`, its superuser `postgres` and the user `kpis`, who may create schemas there."""

    port: int
    log: Path

    def url(self, user: str = "kpis", password: str = QUOTED) -> str:
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/bi"

    @property
    def env(self) -> dict[str, str]:
        return {"SUPPORT_KPIS_POSTGRES_URL": self.url()}

    def sql(self, text: str, user: str = "postgres") -> list[list[str]]:
        """Rows of the last statement, as text; null is empty. Raises AssertionError with the server's words."""
        with psql(self, user) as process:
            out, errors = process.communicate(text)
            assert process.returncode == 0, errors
            return [line.split("\t") for line in out.splitlines()]


def copied(server: Server, query: str) -> bytes:
    """Its rows as CSV, all values but null in quotes."""
    statement = f"copy ({query}) to stdout (format csv, force_quote *)"
    done = subprocess.run(
        [*_command(server, "postgres"), "-c", statement], capture_output=True, env=_env(), check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def psql(server: Server, user: str = "postgres") -> Iterator[subprocess.Popen[str]]:
    """A session; statements go in by stdin."""
    ends = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    process = subprocess.Popen(_command(server, user), **ends, text=True, env=_env())
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _command(server: Server, user: str) -> list[str]:
    place = ["-h", "127.0.0.1", "-p", str(server.port), "-U", user, "-d", "bi"]
    return [str(PROGRAMS / "psql"), "-XqAt", "-F", "\t", "-v", "ON_ERROR_STOP=1", *place]


def _env() -> dict[str, str]:
    return {**os.environ, "PGPASSWORD": PASSWORD, "PGCLIENTENCODING": "UTF8"}


def asked(session: subprocess.Popen[str], statement: str) -> str:
    """The one value that a statement gives in an open session."""
    session.stdin.write(statement + ";\n")
    session.stdin.flush()
    return session.stdout.readline().rstrip("\n")


@contextmanager
def postgres() -> Iterator[Server]:
    """The server, ended with the block. It refuses to run as root, and nobody else finds a way into pytest's folder."""
    with tempfile.TemporaryDirectory(prefix="support_kpis_postgres_") as name:
        folder = Path(name)
        data, log, password = folder / "data", folder / "server.log", folder / "password"
        password.write_text(PASSWORD)
        data.mkdir(mode=0o700)
        as_user: list[str] = []
        if os.geteuid() == 0:
            folder.chmod(0o755)
            shutil.chown(data, "nobody")
            shutil.chown(password, "nobody")
            as_user = ["setpriv", "--reuid", "nobody", "--clear-groups"]
        port = free_port()
        initdb = ["-D", data, "-U", "postgres", "-E", "UTF8", "--locale", "C.UTF-8", "-A", "scram-sha-256", "--no-sync"]
        made = subprocess.run(
            [*as_user, PROGRAMS / "initdb", *initdb, "--pwfile", password], capture_output=True, text=True, check=False
        )
        assert made.returncode == 0, made.stderr
        with log.open("w") as out:
            options = ["-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", "", "-c", "fsync=off"]
            process = subprocess.Popen([*as_user, PROGRAMS / "postgres", *options], stdout=out, stderr=out)
        try:
            server = Server(port, log)
            _wait_for(server, process)
            _make_users(server)
            yield server
        finally:
            process.terminate()
            process.wait()


def _make_users(server: Server) -> None:
    place = ["-h", "127.0.0.1", "-p", str(server.port), "-U", "postgres"]
    subprocess.run([PROGRAMS / "createdb", *place, "bi"], check=True, env=_env())
    server.sql(
        f"create role kpis login password '{PASSWORD}'; create role bi login password '{PASSWORD}';"
        " grant create on database bi to kpis;"
    )


def _wait_for(server: Server, process: subprocess.Popen) -> None:
    for _ in range(600):
        assert process.poll() is None, server.log.read_text()
        if re.search("ready to accept connections", server.log.read_text()):
            return
        time.sleep(0.1)
    raise AssertionError(f"no server came up:\n{server.log.read_text()}")


def support_kpis(*arguments: object, **env: str) -> subprocess.CompletedProcess[str]:
    """The console script in the environment that has the driver."""
    command = [str(PYTHON), "-P", "-m", "orchestration.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=CHECKOUT, env=environment(**env), check=False)
