"""dbt as this project calls it: profile, manifest, executable, and what a failed call has to say.

Not here: which asset a model becomes (defs.transform), or anything about the models' content.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Collection, Sequence
from functools import cached_property
from graphlib import TopologicalSorter
from importlib.metadata import version
from pathlib import Path
from typing import Any

from packaging.version import Version

from ingestion.configuration.settings_file import DEFAULTS
from ingestion.limits import Limits, limits_of
from ingestion.settings import CHECKOUT, Settings
from orchestration.lib.dagster_dbt import DbtCliInvocation, DbtCliResource
from orchestration.lib.home import QUIET, write_if_changed

PROJECT = CHECKOUT / "dbt_project"
MANIFEST = PROJECT / "target" / "manifest.json"
# The interpreter's own dbt: cron and systemd have no PATH of ours.
COMMAND = (sys.executable, "-m", "orchestration.lib.dbt_child", "--no-version-check")
RUN_RESULTS = "run_results.json"
STOP_SECONDS = 20
# A model is a commit. DuckDB would bring the file up to date after every few of them; once at the end is soon enough.
WAL = "256MiB"
# Tables are sets of rows; keeping the order in which threads find them costs memory and makes them wait for each other.
ORDER = "false"
KEY_TEST = "unique_combination"
PUBLISHED_PREFIXES = ("dim_", "fct_", "mart_")

PROFILE = """\
# Written by support-kpis at every start; changes here are lost.
support_kpis:
  target: duckdb
  outputs:
    duckdb:
      type: duckdb
      path: {path}
      schema: main
      threads: 1
      # Somebody may look into the file just now: 63 seconds in all, doubled each time. This is about opening alone,
      # and the night has opened the file a moment before.
      retries: {{connect_attempts: 6, retryable_exceptions: [IOException]}}
      # Not among the settings, which are set anew for each model: a temporary directory in use cannot be.
      config_options: {limits}
      settings: {{TimeZone: UTC}}
"""


class DbtProjectError(Exception):
    """dbt does not accept the project. The message is dbt's own, shortened."""


class DbtCli(DbtCliResource):
    """dagster-dbt's resource without two habits: `dbt --version` (2.6 s a night, asks PyPI for newer releases) and an
    adapter in this process (1.5 s, for row counts and column types in the UI that nobody asked for)."""

    @cached_property
    def _cli_version(self) -> Version:
        return Version(version("dbt-core"))

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> None:
        return None

    def cli(self, *args: Any, **options: Any) -> DbtCliInvocation:
        invocation = super().cli(*args, **options)
        _running.append(invocation.process)
        return invocation


# Calls of this process that nobody may have waited for.
_running: list[subprocess.Popen] = []


def end_calls() -> None:
    """End every dbt that still runs: where a run breaks off between two of its events, its child would write on."""
    while _running:
        process = _running.pop()
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def dbt_resource(settings: Settings) -> DbtCli:
    """The resource over the project."""
    return DbtCli(
        project_dir=str(PROJECT),
        profiles_dir=str(settings.dbt_dir),
        dbt_executable=COMMAND[0],
        # A line in dbt.log for every statement costs a tenth of the build; the statements stand in target/.
        global_config_flags=[*COMMAND[1:], "--log-level-file", "info"],
    )


def write_profile(settings: Settings, limits: Limits | None = None) -> None:
    """profiles.yml in the home, with this home's warehouse file and limits (default: those of the machine)."""
    limits = limits or limits_of(DEFAULTS)
    ours = {"wal_autocheckpoint": WAL, "preserve_insertion_order": ORDER}
    of_duckdb = json.dumps({**limits.of_duckdb(settings.tmp), **ours})
    text = PROFILE.format(path=json.dumps(str(settings.warehouse)), limits=of_duckdb)
    write_if_changed(settings.dbt_dir / "profiles.yml", text)


def manifest(settings: Settings) -> dict[str, Any]:
    """The project's manifest, parsed anew when a file of the project or dbt changed since. Raises DbtProjectError.

    The home has its profile already.
    """
    stamp = MANIFEST.with_name("manifest.sha256")
    MANIFEST.parent.mkdir(exist_ok=True)
    # Webserver and daemon start together and both come here; one parses, the other finds it done.
    with MANIFEST.with_name("manifest.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        fingerprint = project_fingerprint()
        if not (MANIFEST.exists() and stamp.exists() and stamp.read_text() == fingerprint):
            stamp.unlink(missing_ok=True)
            _parse(settings)
            stamp.write_text(fingerprint)
        return json.loads(MANIFEST.read_bytes())


def project_fingerprint() -> str:
    """A hash over what dbt reads: names and content of the project's files, versions of dbt and its adapter, and how it
    is called."""
    digest = hashlib.sha256(f"{version('dbt-core')} {version('dbt-duckdb')}".encode())
    digest.update(Path(__file__).with_name("dbt_child.py").read_bytes())
    for path in sorted(PROJECT.rglob("*")):
        relative = path.relative_to(PROJECT)
        if relative.parts[0] not in ("target", "logs", "config") and path.suffix in (".sql", ".yml", ".md", ".csv"):
            digest.update(f"\n{relative}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def code() -> str:
    """A hash of what computes the tables: the project's own code, DuckDB."""
    digest = hashlib.sha256(f"{project_fingerprint()} {version('duckdb')}".encode())
    for folder in ("ingestion", "orchestration"):
        for path in sorted((CHECKOUT / folder).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _parse(settings: Settings) -> None:
    logs = settings.dbt_dir / "logs"
    command = [*COMMAND, "--quiet", "parse", "--project-dir", PROJECT]
    command += ["--profiles-dir", settings.dbt_dir, "--target-path", MANIFEST.parent, "--log-path", logs]
    told = [str(part) for part in command]
    done = subprocess.run(told, capture_output=True, text=True, env=environment(), check=False)
    if done.returncode != 0:
        said = " ".join((done.stdout + done.stderr).split())
        raise DbtProjectError(f"dbt parse failed: {said[:600] or 'no message'} (log: {logs / 'dbt.log'})")


def as_parsed() -> list[str]:
    """Options that let a call with artifacts of its own begin with what dbt has read of the project, if it has."""
    parsed = MANIFEST.with_name("partial_parse.msgpack")
    return ["--partial-parse-file-path", str(parsed)] if parsed.exists() else []


def environment() -> dict[str, str]:
    """Of a dbt that is called without Dagster."""
    return {**os.environ, **QUIET}


def build_order(manifest: dict[str, Any]) -> list[str]:
    """Names of all models, each after those it reads."""
    nodes = {name: node for name, node in manifest["nodes"].items() if node["resource_type"] == "model"}
    reads = {
        name: [parent for parent in node["depends_on"]["nodes"] if parent in nodes] for name, node in nodes.items()
    }
    return [nodes[name]["name"] for name in TopologicalSorter(reads).static_order()]


def models_after(manifest: dict[str, Any], control: Collection[str]) -> list[str]:
    """Names of all models that read any of these control tables, or a model that does, sorted."""
    nodes, found = manifest["nodes"], set()
    sources = manifest["sources"].values()
    waiting = [one["unique_id"] for one in sources if one["schema"] == "control" and one["name"] in control]
    while waiting:
        readers = {name for name in manifest["child_map"][waiting.pop()] if name in nodes} - found
        found |= readers
        waiting += readers
    return sorted(nodes[name]["name"] for name in found if nodes[name]["resource_type"] == "model")


def published_models(manifest: dict[str, Any]) -> list[str]:
    """Names of the models that go into a version: dimensions, facts and marts, sorted."""
    names = [node["name"] for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    return sorted(name for name in names if name.startswith(PUBLISHED_PREFIXES))


def keys_of(manifest: dict[str, Any], models: list[str]) -> dict[str, list[str]]:
    """Model -> the columns that tell its rows apart and are never null, as its test `unique_combination` holds them."""
    nodes = manifest["nodes"]
    found = {}
    for node in nodes.values():
        if node["resource_type"] == "test" and (node.get("test_metadata") or {}).get("name") == KEY_TEST:
            name = nodes[node["attached_node"]]["name"]
            if name in models:
                found[name] = list(node["test_metadata"]["kwargs"]["columns"])
    return dict(sorted(found.items()))


def fresh_target(settings: Settings) -> Path:
    """The folder of dbt's artifacts, without the results of an earlier call: a dbt that is killed writes none."""
    target = settings.dbt_dir / "target"
    (target / RUN_RESULTS).unlink(missing_ok=True)
    return target


def end_of(code: int, error: Exception) -> str:
    """Why a call ended that left no results, in one line."""
    if code < 0:
        return f"dbt was killed by signal {-code} ({signal.Signals(-code).name})"
    return " ".join(str(error).split("Errors parsed from dbt logs:")[-1].split())[:600]


def failures(target: Path) -> list[str]:
    """One line for each node that failed in the last call, from run_results.json; models before tests."""
    path = target / RUN_RESULTS
    if not path.exists():
        return []
    results = [r for r in json.loads(path.read_bytes())["results"] if r["status"] in ("error", "fail", "runtime error")]
    results.sort(key=lambda result: result["unique_id"].split(".")[0] != "model")
    return [f"{_node(r['unique_id'])}: {' '.join((r['message'] or r['status']).split())[:300]}" for r in results]


def _node(unique_id: str) -> str:
    """model.support_kpis.int_calls -> model int_calls; a test's trailing hash is of no use to a reader."""
    kind, _, name, *_ = unique_id.split(".")
    return f"{kind} {name}"
