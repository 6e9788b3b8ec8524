"""Reading the current version, as any user of it would. Not here: writing one (defs.publish)."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

from orchestration.lib import scorecard, targets


def scorecard_text(published: Path) -> str | None:
    """The current scorecard as text with the places of its files; None before the first publication."""
    current = published / "current"
    if not current.exists():
        return None
    version = current.resolve()
    as_of = json.loads((version / "manifest.json").read_text())["as_of"]
    with duckdb.connect(str(version / "support_kpis.duckdb"), read_only=True) as connection:
        rows = list(targets.scorecard_rows(connection).values())
    files = [
        f"tables    {current / 'support_kpis.duckdb'}",
        f"parquet   {current / 'parquet'}",
        f"page      {current / 'scorecard.html'}",
        f"manifest  {current / 'manifest.json'}",
    ]
    return "\n".join([scorecard.as_text(rows, as_of), "", *files])
