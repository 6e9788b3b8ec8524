"""Reading the current version, as any user of it would. Not here: writing one (defs.publish)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb

from orchestration.lib import scorecard, targets
from orchestration.lib.restated import Restated, restated


def current_scorecard(published: Path) -> tuple[str, list[dict[str, Any]]] | None:
    """`as_of` and the rows of the current scorecard; None before the first publication."""
    current = published / "current"
    if not current.exists():
        return None
    version = current.resolve()
    as_of = json.loads((version / "manifest.json").read_text())["as_of"]
    with duckdb.connect(str(version / "support_kpis.duckdb"), read_only=True) as connection:
        return as_of, list(targets.scorecard_rows(connection).values())


def current_restated(published: Path) -> Restated | None:
    """What is to be told of numbers that moved with the current version; None for nothing."""
    version = (published / "current").resolve()
    with duckdb.connect(str(version / "support_kpis.duckdb"), read_only=True) as connection:
        return restated(connection, version)


def scorecard_json(as_of: str, rows: list[dict[str, Any]]) -> str:
    """One object: `as_of` and `targets`, with the columns of mart_kpi_scorecard, name and unit."""
    told = [row | {"as_of": as_of} for row in rows]
    return json.dumps({"as_of": as_of, "targets": told}, default=str)


def scorecard_text(published: Path, as_of: str, rows: list[dict[str, Any]]) -> str:
    """The scorecard as text with the places of its files."""
    current = published / "current"
    files = [
        f"tables    {current / 'support_kpis.duckdb'}",
        f"parquet   {current / 'parquet'}",
        f"page      {current / 'scorecard.html'}",
        f"manifest  {current / 'manifest.json'}",
    ]
    return "\n".join([scorecard.as_text(rows, as_of), "", *files])
