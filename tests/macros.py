"""Macros of the dbt project, rendered without dbt: what a call of them says, in the words of an engine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import jinja2

from ingestion.settings import CHECKOUT

MACROS = CHECKOUT / "dbt_project" / "macros"
#: dbt's own tag, which Jinja does not know.
_DBT_ONLY = "{% materialization"


class _Adapter:
    """dbt's `adapter`, as far as macros ask it for their version of an engine."""

    def __init__(self, engine: str) -> None:
        self.engine = engine

    @jinja2.pass_context
    def dispatch(self, context: jinja2.runtime.Context, name: str) -> Callable:
        return context.vars.get(f"{self.engine}__{name}") or context.vars[f"default__{name}"]


def rendered(text: str, *files: str | Path, engine: str = "default", **context: object) -> str:
    """Jinja over the macros of these files or folders of `macros`, and of `macros/engines`."""
    paths = [found for name in ("engines", *files) for found in _files(MACROS / name)]
    macros = "".join(told for path in paths if _DBT_ONLY not in (told := path.read_text()))
    environment = jinja2.Environment(autoescape=False, extensions=["jinja2.ext.do"])
    template = environment.from_string(f"{macros}@@{text}")
    return template.render(adapter=_Adapter(engine), **context).split("@@")[1]


def _files(place: Path) -> list[Path]:
    return sorted(place.glob("*.sql")) if place.is_dir() else [place]
