"""The documentation of a version's tables: dbt's own page, in one file that needs no network and names no machine.

Made from dbt's manifest, so of the code alone: no query, and as long as the code is the same, the same file.
Not here: the texts (dbt_project/models), and the comments in the DuckDB file (lib.descriptions).
"""

from __future__ import annotations

import json
import os
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

PAGE = Path("docs") / "index.html"

#: What dbt's page shows of a model, source, exposure, macro or text. Moments, checksums and paths outside the project
#: are not among it, so that equal code gives an equal page.
SHOWN = (
    *("access", "alias", "arguments", "block_contents", "columns", "config", "database", "depends_on", "description"),
    *("docs", "fqn", "identifier", "label", "language", "macro_sql", "maturity", "name", "original_file_path", "owner"),
    *("package_name", "path", "raw_code", "refs", "resource_type", "schema", "source_description", "source_name"),
    *("sources", "tags", "type", "unique_id"),
)
SHOWN_OF_COLUMN = ("name", "description", "data_type")
SHOWN_OF_CONFIG = ("materialized", "contract")


def write_docs(folder: Path, manifest: dict[str, Any], published: list[str], current: Path) -> None:
    """The page into the version `folder`; the file of the `current` version where that says the same."""
    page = docs_page(manifest, published)
    target, before = folder / PAGE, current / PAGE
    target.parent.mkdir()
    if before.exists() and before.read_bytes() == page:
        os.link(before, target)
    else:
        target.write_bytes(page)


def docs_page(manifest: dict[str, Any], published: list[str]) -> bytes:
    """dbt's page with the manifest in it, and with a catalog: the columns that the contracts of `published` fix."""
    template = Path(str(distribution("dbt-core").locate_file("dbt/task/docs/index.html"))).read_text(encoding="utf-8")
    shown = _shown(manifest)
    nodes = shown["nodes"].values()
    catalog = {"nodes": {node["unique_id"]: _table(node) for node in nodes if node["name"] in published}, "sources": {}}
    for name, content in (("MANIFEST", shown), ("CATALOG", catalog)):
        text = json.dumps(content, sort_keys=True, separators=(",", ":"))
        # Inside a script element a text may not begin a tag.
        template = template.replace(f'"{name}.JSON INLINE DATA"', text.replace("<", "\\u003c"))
    return template.encode()


def _shown(manifest: dict[str, Any]) -> dict[str, Any]:
    """The manifest without tests, without the macros and texts of dbt itself, and without all that is not SHOWN."""
    metadata = manifest["metadata"]
    kept: dict[str, Any] = {
        # Without usage statistics the page loads nothing from anywhere.
        "metadata": {"adapter_type": metadata["adapter_type"], "send_anonymous_usage_stats": False},
        "parent_map": {},
    }
    for section in ("nodes", "sources", "exposures", "macros", "docs"):
        of_project = {
            key: _entry(one)
            for key, one in manifest[section].items()
            if one["package_name"] == metadata["project_name"] and one["resource_type"] != "test"
        }
        kept[section] = of_project
    there = {key for section in ("nodes", "sources", "exposures") for key in kept[section]}
    for key in there:
        kept["parent_map"][key] = [parent for parent in manifest["parent_map"].get(key, []) if parent in there]
    for node in kept["nodes"].values():
        node["depends_on"]["macros"] = [name for name in node["depends_on"]["macros"] if name in kept["macros"]]
    return kept


def _entry(one: dict[str, Any]) -> dict[str, Any]:
    entry = {key: one[key] for key in SHOWN if key in one}
    if "columns" in entry:
        columns = entry["columns"].items()
        entry["columns"] = {name: {key: column[key] for key in SHOWN_OF_COLUMN} for name, column in columns}
    if "config" in entry:
        entry["config"] = {key: entry["config"][key] for key in SHOWN_OF_CONFIG if key in entry["config"]}
    return entry


def _table(node: dict[str, Any]) -> dict[str, Any]:
    """What dbt's catalog says of a table, of its contract instead of the database."""
    columns = {
        name: {"name": name, "index": index, "type": column["data_type"]}
        for index, (name, column) in enumerate(node["columns"].items(), start=1)
    }
    return {"metadata": {"type": "table"}, "columns": columns, "stats": {}, "unique_id": node["unique_id"]}
