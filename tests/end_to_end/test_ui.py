"""What `make ui` starts: webserver and daemon on loopback, and a run launched through GraphQL as the page does."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from ingestion.settings import CHECKOUT

START_SECONDS = 90
RUN_SECONDS = 150

LAUNCH = """
mutation ($params: ExecutionParams!) {
  launchRun(executionParams: $params) {
    __typename
    ... on LaunchRunSuccess { run { runId } }
    ... on PythonError { message }
    ... on RunConfigValidationInvalid { errors { message } }
  }
}
"""
REPOSITORIES = """
{ repositoriesOrError { ... on RepositoryConnection { nodes {
    name location { name } schedules { name cronSchedule scheduleState { status } } } } } }
"""
STATUS = "query ($id: ID!) { runOrError(runId: $id) { ... on Run { status } } }"


class Client:
    """GraphQL without a library."""

    def __init__(self, port):
        self.url = f"http://127.0.0.1:{port}/graphql"

    def ask(self, query, **variables):
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = urllib.request.Request(self.url, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            said = json.load(answer)
        assert "errors" not in said, said
        return said["data"]


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


@pytest.fixture
def ui(home_after_first_night):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "orchestration.ui", "--home", str(home_after_first_night), "--port", str(port)]
    with (home_after_first_night / "ui.log").open("w") as log:
        process = subprocess.Popen(command, cwd=CHECKOUT, stdout=log, stderr=log, env=dict(os.environ))
    yield home_after_first_night, Client(port), process
    if process.poll() is None:
        process.terminate()
        process.wait(timeout=60)


def test_the_job_is_launched_with_as_of_and_publishes_and_ctrl_c_ends_everything(ui):
    home, client, process = ui

    def loaded_repository():
        nodes = client.ask(REPOSITORIES)["repositoriesOrError"].get("nodes")
        return nodes[0] if nodes else None

    repository = wait_for(loaded_repository, START_SECONDS, process)
    schedules = {schedule["name"]: schedule for schedule in repository["schedules"]}
    assert schedules["nightly_schedule"]["cronSchedule"] == "0 2 * * *"
    assert schedules["nightly_schedule"]["scheduleState"]["status"] == "RUNNING"

    selector = {"repositoryName": repository["name"], "repositoryLocationName": repository["location"]["name"]}
    config = {"resources": {"nightly_run": {"config": {"as_of": "2026-03-01T12:00:00Z", "full_refresh": True}}}}
    params = {"selector": selector | {"jobName": "nightly"}, "runConfigData": config, "mode": "default"}
    launched = client.ask(LAUNCH, params=params)["launchRun"]
    assert launched["__typename"] == "LaunchRunSuccess", launched
    run_id = launched["run"]["runId"]

    def finished_status():
        status = client.ask(STATUS, id=run_id)["runOrError"]["status"]
        return status if status in ("SUCCESS", "FAILURE", "CANCELED") else None

    assert wait_for(finished_status, RUN_SECONDS, process) == "SUCCESS"
    current = home / "published" / "current"
    assert current.resolve().name == run_id
    assert json.loads((current / "manifest.json").read_text())["as_of"] == "2026-03-01T12:00:00Z"

    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) == 0
    with pytest.raises(OSError):
        client.ask(REPOSITORIES)
