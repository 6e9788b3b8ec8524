"""A store that speaks S3, an SFTP server, and commands in the environment that has their drivers."""

from __future__ import annotations

import getpass
import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from ingestion.settings import CHECKOUT
from tests.drivers import PYTHON, environment, free_port

SSHD = Path("/usr/sbin/sshd")
needs_drivers = pytest.mark.skipif(
    not PYTHON.with_name("moto_server").exists(), reason="no drivers in .venv-remote; make test-all puts them there"
)
needs_sshd = pytest.mark.skipif(not SSHD.exists(), reason="no sshd here (Debian: apt-get install openssh-server)")

INGEST = """
import json, sys
from ingestion.catalogue import kpi_catalogue
from ingestion.configuration import load_configuration
from ingestion.errors import RemoteError
from ingestion.run import ingest
from ingestion.settings import load_settings
settings, said = load_settings(home=sys.argv[1]), []
try:
    result = ingest(settings, load_configuration(settings, kpi_catalogue()), run_id="a run", progress=said.append)
    print(json.dumps({"messages": result.messages, "said": said, "loaded": result.rows_loaded}))
except RemoteError as error:
    print(json.dumps({"error": str(error)}))
"""


def loaded(home: Path, **env: str) -> dict:
    """What one ingestion says: messages, progress and rows loaded, or the error of the remote side."""
    command = [str(PYTHON), "-P", "-c", INGEST, str(home)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=CHECKOUT, env=environment(**env), check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def support_kpis_with_drivers(*arguments: object, **env: str) -> subprocess.CompletedProcess[str]:
    command = [str(PYTHON), "-P", "-m", "orchestration.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=CHECKOUT, env=environment(**env), check=False)


@dataclass
class Store:
    """A server with a bucket `kpis`."""

    url: str
    log: Path

    @property
    def env(self) -> dict[str, str]:
        options = {"endpoint_url": self.url, "key": "a test's key", "secret": "a test's secret"}
        return {
            "SUPPORT_KPIS_LANDING_URL": "s3://kpis/exports", "SUPPORT_KPIS_LANDING_OPTIONS": json.dumps(options),
        }  # fmt: skip

    def put(self, name: str, content: bytes, **headers: str) -> None:
        signed = {"Authorization": "AWS4-HMAC-SHA256 Credential=a/20260302/us-east-1/s3/aws4_request, Signature=b"}
        url = f"{self.url}/kpis/exports/{name}"
        requests.put(url, data=content, headers=signed | headers, timeout=30).raise_for_status()

    def requests_made(self, *methods: str) -> list[str]:
        """Lines of the server's log."""
        lines = self.log.read_text().splitlines()
        return [line for line in lines if any(f'"{method} /' in line for method in methods)]


@contextmanager
def store(folder: Path) -> Iterator[Store]:
    """The server, ended with the block."""
    log, port = folder / "store.log", free_port()
    with log.open("w") as out:
        server = subprocess.Popen([str(PYTHON), "-m", "moto.server", "-p", str(port)], stdout=out, stderr=out)
    try:
        wait_for(port, server, log)
        requests.put(f"http://127.0.0.1:{port}/kpis", timeout=30).raise_for_status()
        yield Store(f"http://127.0.0.1:{port}", log)
    finally:
        server.kill()
        server.wait()


@dataclass
class Ssh:
    """An SFTP server on this machine for this user, and a HOME whose key it takes."""

    port: int
    home: Path
    host_key: str

    def env(self, folder: Path) -> dict[str, str]:
        url = f"sftp://{getpass.getuser()}@127.0.0.1:{self.port}{folder}"
        return {"SUPPORT_KPIS_LANDING_URL": url, "HOME": str(self.home)}

    def know(self, host_key: str) -> None:
        (self.home / ".ssh" / "known_hosts").write_text(f"[127.0.0.1]:{self.port} {host_key}\n")


@contextmanager
def ssh(folder: Path) -> Iterator[Ssh]:
    """The server, ended with the block. Its host is not known yet."""
    client, log, port = folder / "client" / ".ssh", folder / "sshd.log", free_port()
    client.mkdir(parents=True, mode=0o700)
    host_key = new_key(folder / "host_key")
    (folder / "authorized_keys").write_text(new_key(client / "id_ed25519") + "\n")
    config = folder / "sshd_config"
    config.write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder / 'host_key'}\nPidFile none\nUsePAM no\n"
        f"AuthorizedKeysFile {folder / 'authorized_keys'}\nStrictModes no\nPermitRootLogin prohibit-password\n"
        "PasswordAuthentication no\nSubsystem sftp internal-sftp\n"
    )
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # where a server of root's drops its rights
    with log.open("w") as out:
        server = subprocess.Popen([str(SSHD), "-D", "-e", "-f", str(config)], stdout=out, stderr=out)
    try:
        wait_for(port, server, log)
        yield Ssh(port, client.parent, host_key)
    finally:
        server.terminate()
        server.wait()


def new_key(path: Path) -> str:
    """A key pair; its public half as known_hosts and authorized_keys have it."""
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(path)], check=True)
    return path.with_name(f"{path.name}.pub").read_text().strip()


def wait_for(port: int, server: subprocess.Popen, log: Path) -> None:
    for _ in range(600):
        assert server.poll() is None, log.read_text()
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(f"no server came up:\n{log.read_text()}")
