"""What the dbt project declares and the configuration is held against: KPIs, groups of models, and streams whose age is
watched.

How they are computed is dbt's affair.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from ingestion.errors import ConfigError
from ingestion.settings import CHECKOUT

MODELS = CHECKOUT / "dbt_project" / "models"
VENDORS = CHECKOUT / "dbt_project" / "macros" / "staging" / "vendors.sql"


def kpi_catalogue(models_dir: Path = MODELS) -> dict[str, dict[str, Any]]:
    """kpi_id → its declaration (`{% set kpis = […] %}` of a mart) with the mart's name added as `mart`.

    A declaration with `statistics` gives one KPI for each of them, as dbt's macro expand_kpis does.
    Raises ConfigError where two marts declare one KPI, or a mart's head is no Jinja.
    """
    catalogue: dict[str, dict[str, Any]] = {}
    for path in sorted(models_dir.rglob("mart_*.sql")):
        for kpi in _declared(path, models_dir):
            if other := catalogue.get(kpi["kpi_id"]):
                message = f"kpi_id '{kpi['kpi_id']}' is declared by {other['mart']} and by {path.stem}"
                raise ConfigError(f"{message}; keep one", path.relative_to(models_dir).as_posix())
            catalogue[kpi["kpi_id"]] = {**kpi, "dimensions": kpi.get("dimensions") or [], "mart": path.stem}
    return catalogue


def _declared(path: Path, models_dir: Path) -> Iterator[dict[str, Any]]:
    text = path.read_text(encoding="utf-8")
    if "set kpis" not in text:
        return
    head = text.split("{{", 1)[0]
    try:
        kpis = getattr(jinja2.Environment(autoescape=True).from_string(head).module, "kpis", [])
    except jinja2.TemplateError as error:
        line = getattr(error, "lineno", None)
        raise ConfigError(f"no valid declaration: {error}", path.relative_to(models_dir).as_posix(), line) from None
    for kpi in kpis:
        for statistic in kpi.get("statistics", [None]):
            yield kpi if statistic is None else {**kpi, "kpi_id": f"{kpi['kpi_id']}_{statistic}"}


@cache
def asset_groups(models_dir: Path = MODELS) -> tuple[str, ...]:
    """The groups that assets of the models stand in, sorted: a model's folders under models/, joined by `_`."""
    folders = {path.parent.relative_to(models_dir).parts for path in models_dir.rglob("*.sql")}
    return tuple(sorted("_".join(parts) for parts in folders))


@cache
def watched_streams() -> tuple[str, ...]:
    """`source/stream` of all that the macro vendors names: those whose newest row tells how fresh they are."""
    declared: dict[str, dict[str, Any]] = {}
    environment = jinja2.Environment(autoescape=True)
    environment.globals["return"] = declared.update
    environment.from_string(VENDORS.read_text(encoding="utf-8")).module.vendors()
    return tuple(name.replace("__", "/") for vendor in declared.values() for name in vendor["streams"])
