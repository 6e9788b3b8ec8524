"""Dagster's webserver, with the scorecard beside its own pages: `/scorecard` is the current one, `/scorecard/<run_id>`
that of a version. Takes the options of `dagster-webserver`.

Not here: starting and stopping it (orchestration.ui), and the page itself (orchestration.page).
"""

from __future__ import annotations

from pathlib import Path

from dagster_webserver import app, cli
from dagster_webserver.webserver import DagsterWebserver
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from ingestion.settings import load_settings

PAGE = "scorecard.html"
#: The UI around it can start runs without a login: whatever data brings into the page, it can neither ask nor send.
ALONE = (
    "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"
)


class WithScorecard(DagsterWebserver):
    def build_routes(self) -> list:
        # Before Dagster's own, the last of which answers every address.
        return [*scorecard_routes(load_settings().published), *super().build_routes()]


def scorecard_routes(published: Path) -> list[Route]:
    """Both addresses, over a folder of published versions."""

    def current(_request: Request) -> Response:
        return _page(published / "current" / PAGE, "Nothing is published yet.")

    def version(request: Request) -> Response:
        path = published / "versions" / str(request.path_params["run_id"]) / PAGE
        return _page(path, "This run has published nothing, or its version is gone. /scorecard is the current one.")

    return [Route("/scorecard", current), Route("/scorecard/{run_id:uuid}", version)]


def _page(path: Path, otherwise: str) -> Response:
    if not path.is_file():
        return PlainTextResponse(otherwise, status_code=404)
    return FileResponse(path, media_type="text/html", headers={"Content-Security-Policy": ALONE})


if __name__ == "__main__":
    app.DagsterWebserver = WithScorecard
    cli.main()
