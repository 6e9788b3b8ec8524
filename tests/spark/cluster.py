"""A cluster of Spark's own kind, of processes on this machine: a master and workers, each of which can be killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from urllib.request import urlopen

from tests.drivers import free_port

_HOST, _PATIENCE = "127.0.0.1", 90


@dataclass
class Cluster:
    """`url`: what `--master` takes. `status`: where the master tells of itself, as JSON."""

    url: str
    status: str
    processes: dict[str, subprocess.Popen] = field(default_factory=dict)

    def workers(self, state: str = "ALIVE") -> int:
        with suppress(OSError), urlopen(self.status, timeout=5) as answer:
            return sum(worker["state"] == state for worker in json.load(answer)["workers"])
        return 0

    def kill(self, name: str) -> None:
        """With all that it has started: a worker's executors."""
        process = self.processes.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def spark_cluster(folder: Path, workers: int = 2) -> Iterator[Cluster]:
    """One core and a gibibyte for each worker. Logs lie in `folder`."""
    port, web = free_port(), free_port()
    cluster = Cluster(f"spark://{_HOST}:{port}", f"http://{_HOST}:{web}/json/")

    def start(name: str, *command: object) -> None:
        script = Path(next(iter(find_spec("pyspark").submodule_search_locations))) / "bin" / "spark-class"
        with (folder / f"{name}.log").open("wb") as log:
            cluster.processes[name] = subprocess.Popen(
                [str(part) for part in (script, *command)],
                stdout=log,
                stderr=log,
                start_new_session=True,
                env={**os.environ, "SPARK_LOCAL_IP": _HOST},
            )

    try:
        start("master", "org.apache.spark.deploy.master.Master", "--host", _HOST, "--port", port, "--webui-port", web)
        for number in range(workers):
            options = ("--host", _HOST, "--cores", 1, "--memory", "1g", "--webui-port", 0)
            work = folder / f"work-{number}"
            start(
                f"worker-{number}", "org.apache.spark.deploy.worker.Worker", *options, "--work-dir", work, cluster.url
            )
        until = time.monotonic() + _PATIENCE
        while cluster.workers() < workers:
            assert time.monotonic() < until, f"the cluster did not come up; its logs: {folder}"
            time.sleep(0.5)
        yield cluster
    finally:
        for name in list(cluster.processes):
            cluster.kill(name)
