"""What `make ui` starts: webserver and daemon on loopback, and a run launched through GraphQL as the page does; and
what viewers get: the same without the power to start anything."""

import json
import signal
import urllib.request
from pathlib import Path

import pytest

from tests.end_to_end.serving import started, stop, wait_for

START_SECONDS = 90
RUN_SECONDS = 150

LAUNCH = """
mutation ($params: ExecutionParams!) {
  launchRun(executionParams: $params) {
    __typename
    ... on LaunchRunSuccess { run { runId } }
    ... on PythonError { message }
    ... on UnauthorizedError { message }
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
    """GraphQL without a library; a busy machine answers late."""

    def __init__(self, port):
        self.url = f"http://127.0.0.1:{port}/graphql"

    def ask(self, query, **variables):
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = urllib.request.Request(self.url, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=180) as answer:
            said = json.load(answer)
        assert "errors" not in said, said
        return said["data"]


@pytest.fixture
def ui(home_after_first_night):
    process, port = started(home_after_first_night)
    yield home_after_first_night, Client(port), process
    stop(process)


@pytest.fixture
def viewers(tmp_path):
    process, port = started(tmp_path, "--read-only")
    yield Client(port), process, port
    stop(process)


def descendants(pid):
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from descendants(int(child))
    yield pid


def listening(pid):
    """(address, port) in hexadecimal of every TCP socket that the process and its children listen on."""
    inodes = set()
    for one in descendants(pid):
        for handle in Path(f"/proc/{one}/fd").iterdir():
            try:
                inodes.add(str(handle.readlink()))
            except FileNotFoundError:
                continue
    rows = [line.split() for name in ("tcp", "tcp6") for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]]
    return {tuple(row[1].split(":")) for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in inodes}


def test_viewers_see_everything_on_loopback_alone_and_start_nothing(viewers):
    client, process, port = viewers

    def loaded_repository():
        nodes = client.ask(REPOSITORIES)["repositoriesOrError"].get("nodes")
        return nodes[0] if nodes else None

    repository = wait_for(loaded_repository, START_SECONDS, process)
    assert repository["schedules"]
    selector = {"repositoryName": repository["name"], "repositoryLocationName": repository["location"]["name"]}
    params = {"selector": selector | {"jobName": "nightly"}, "runConfigData": {}, "mode": "default"}
    assert client.ask(LAUNCH, params=params)["launchRun"]["__typename"] == "UnauthorizedError"
    assert {address for address, _ in listening(process.pid)} == {"0100007F"}
    assert f"{port:04X}" in {number for _, number in listening(process.pid)}


def test_the_job_is_launched_with_as_of_and_publishes_and_ctrl_c_ends_everything(ui):
    home, client, process = ui

    def loaded_repository():
        nodes = client.ask(REPOSITORIES)["repositoriesOrError"].get("nodes")
        return nodes[0] if nodes else None

    repository = wait_for(loaded_repository, START_SECONDS, process)
    schedules = {schedule["name"]: schedule for schedule in repository["schedules"]}
    assert schedules["nightly_schedule"]["cronSchedule"] == "0 2 * * *"
    assert schedules["nightly_schedule"]["scheduleState"]["status"] == "RUNNING"
    assert {address for address, _ in listening(process.pid)} == {"0100007F"}

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
