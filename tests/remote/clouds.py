"""Emulators of Google's and Azure's object storage, each with an empty bucket `kpis`, filled by the store's driver."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.drivers import PYTHON, environment, free_port
from tests.remote.servers import wait_for

AZURITE = PYTHON.parents[1] / "azurite" / "node_modules" / ".bin" / "azurite-blob"
needs_clouds = pytest.mark.skipif(
    not AZURITE.exists(), reason="no emulators in .venv-remote; make test-all puts them there"
)
#: Of the account that every Azurite has.
ACCOUNT, SECRET = "devstoreaccount1", (
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
)  # fmt: skip

DRIVE = """
import json, os, sys
os.environ["GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT"] = "false"
import fsspec
protocol, options, calls = json.loads(sys.argv[1])
filesystem = fsspec.filesystem(protocol, **options)
for name, arguments in calls:
    print(json.dumps(getattr(filesystem, name)(*arguments)))
"""


@dataclass
class Cloud:
    """One emulator."""

    protocol: str
    options: dict[str, Any]

    def env(self, bucket: str = "kpis") -> dict[str, str]:
        return {
            "SUPPORT_KPIS_LANDING_URL": f"{self.protocol}://{bucket}/exports",
            "SUPPORT_KPIS_LANDING_OPTIONS": json.dumps(self.options),
        }

    def put(self, files: dict[str, Path]) -> None:
        """Objects below kpis/exports from files."""
        self._drive(*[("put_file", [str(path), f"kpis/exports/{name}"]) for name, path in files.items()])

    def sizes(self) -> dict[str, int]:
        """Bytes of every object of the bucket."""
        names = self._drive(("find", ["kpis"]))[0]
        return dict(zip(names, self._drive(*[("size", [name]) for name in names]), strict=True))

    def _drive(self, *calls: tuple[str, list[str]]) -> list[Any]:
        command = [str(PYTHON), "-c", DRIVE, json.dumps([self.protocol, self.options, calls])]
        done = subprocess.run(command, capture_output=True, text=True, env=environment(), check=False)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]


@contextmanager
def google(folder: Path) -> Iterator[Cloud]:
    """Google Cloud Storage, ended with the block."""
    port = free_port()
    command = [PYTHON, "-m", "gcp_storage_emulator", "start", "--port", port, "-M", "--default-bucket", "kpis"]
    with _served(command, port, folder / "google.log"):
        yield Cloud("gs", {"token": "anon", "endpoint_url": f"http://127.0.0.1:{port}"})


@contextmanager
def azure(folder: Path) -> Iterator[Cloud]:
    """Azure Blob Storage, ended with the block."""
    port = free_port()
    command = [AZURITE, "--blobPort", port, "--inMemoryPersistence", "--skipApiVersionCheck"]
    with _served(command, port, folder / "azure.log"):
        endpoint = f"http://127.0.0.1:{port}/{ACCOUNT}"
        parts = {"AccountName": ACCOUNT, "AccountKey": SECRET, "BlobEndpoint": endpoint}
        text = "DefaultEndpointsProtocol=http;" + "".join(f"{name}={value};" for name, value in parts.items())
        cloud = Cloud("az", {"connection_string": text})
        cloud._drive(("mkdir", ["kpis"]))
        yield cloud


@contextmanager
def _served(command: list[object], port: int, log: Path) -> Iterator[None]:
    env = {**os.environ, "PATH": f"{PYTHON.parent}:{os.environ['PATH']}"}
    with log.open("w") as out:
        server = subprocess.Popen(
            [*map(str, command)], stdout=out, stderr=out, env=env, cwd=log.parent, start_new_session=True
        )
    try:
        wait_for(port, server, log)
        yield
    finally:
        os.killpg(server.pid, signal.SIGKILL)  # node has a shell of its own above it
        server.wait()
