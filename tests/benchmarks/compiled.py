"""SQL of single models or of a line of one's own as dbt compiles it, over a home with nothing in it."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from ingestion.catalogue import kpi_catalogue
from ingestion.configuration import load_configuration
from ingestion.settings import load_settings
from ingestion.warehouse import prepare_warehouse
from orchestration.lib.dbt import EXECUTABLE, PROJECT, build_order, write_profile

AS_OF = datetime(2026, 1, 1, tzinfo=UTC)


def prepared(home: Path) -> Path:
    """The warehouse of a home, prepared for the models; the configuration is what lies in the home's config/."""
    settings = replace(load_settings(home=home, env={}), as_of=AS_OF)
    settings.prepare_home()
    write_profile(settings)
    with duckdb.connect(str(settings.warehouse)) as con:
        configuration = load_configuration(settings, kpi_catalogue())
        prepare_warehouse(con, settings, configuration, AS_OF, run_id="benchmark")
    return settings.warehouse


def models(home: Path, *select: str) -> list[tuple[str, str]]:
    """(model, SQL) of a selection, in an order that works."""
    target = _compile(home, "--select", *select)
    manifest = json.loads((target / "manifest.json").read_bytes())
    found = {path.stem: path for path in (target / "compiled").rglob("models/**/*.sql")}
    return [(name, found[name].read_text()) for name in build_order(manifest) if name in found]


def inline(home: Path, jinja: str) -> str:
    """The SQL of a line of Jinja over the project's macros."""
    return next(_compile(home, "--inline", jinja).rglob("inline_query")).read_text()


def _compile(home: Path, *what: str) -> Path:
    target = home / "dbt" / f"target-{abs(hash(what))}"
    command = [EXECUTABLE, "--quiet", "compile", *what, "--project-dir", PROJECT, "--profiles-dir", home / "dbt"]
    command += ["--target-path", target, "--log-path", home / "dbt"]
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL)
    return target
