"""The scorecard's addresses in the UI."""

import uuid

import pytest
from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.routing import Match

from orchestration.webserver import scorecard_routes

#: The id of no version; the same in every process, so that all workers collect the same tests.
NOBODYS = "5f0c3a52-6f0e-4a7b-9f1d-0d6b2a7c9e11"


@pytest.fixture
def get(tmp_path):
    """What the webserver answers to a path, if one of the routes is asked; None where it is Dagster's."""

    def _get(path):
        scope = {"type": "http", "method": "GET", "path": path, "root_path": "", "headers": []}
        for route in scorecard_routes(tmp_path):
            match, found = route.matches(scope)
            if match == Match.FULL:
                return route.endpoint(Request(scope | found))
        return None

    return _get


def publish(published, run_id):
    """A version with a page, and `current`, which leads to it."""
    version = published / "versions" / run_id
    version.mkdir(parents=True)
    (version / "scorecard.html").write_text("page")
    (published / "current").unlink(missing_ok=True)
    (published / "current").symlink_to(version)
    return version / "scorecard.html"


def test_the_current_page_and_that_of_every_version(get, tmp_path):
    old, new = str(uuid.uuid4()), str(uuid.uuid4())
    old_page, new_page = publish(tmp_path, old), publish(tmp_path, new)
    assert get("/scorecard").path.resolve() == get(f"/scorecard/{new}").path == new_page
    assert get(f"/scorecard/{old}").path == old_page
    assert get("/scorecard").headers["content-type"] == "text/html; charset=utf-8"


def test_the_page_can_neither_ask_the_ui_nor_send_anything_away(get, tmp_path):
    publish(tmp_path, str(uuid.uuid4()))
    policy = get("/scorecard").headers["content-security-policy"].split("; ")
    assert {"sandbox allow-scripts", "default-src 'none'"} <= set(policy)
    assert not any(one.startswith(("connect-src", "form-action")) for one in policy)


@pytest.mark.parametrize("path", ["", f"/{NOBODYS}"])
def test_what_is_not_there_is_said(get, path):
    answer = get(f"/scorecard{path}")
    assert (answer.status_code, answer.media_type) == (404, "text/plain")


@pytest.mark.parametrize("path", ["..", "../current", "a", f"{NOBODYS}/.."])
def test_nothing_else_of_the_home_is_served(get, tmp_path, path):
    publish(tmp_path, str(uuid.uuid4()))
    (tmp_path / "scorecard.html").write_text("outside")
    assert not isinstance(get(f"/scorecard/{path}"), FileResponse)
