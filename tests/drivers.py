"""The environment with the drivers of landing areas, servers and workers, and ports for servers of the tests' own."""

from __future__ import annotations

import os
import site
import socket

from ingestion.settings import CHECKOUT

PYTHON = CHECKOUT / ".venv-remote" / "bin" / "python"


def environment(**more: str) -> dict[str, str]:
    """For a process of PYTHON: packages of this interpreter first, so that both read DuckDB files of one kind."""
    return {**os.environ, "PYTHONPATH": site.getsitepackages()[0], **more}


def has_package(name: str) -> bool:
    return any(PYTHON.parent.parent.glob(f"lib/*/site-packages/{name}"))


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]
