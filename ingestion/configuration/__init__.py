"""The files that a data team edits and reviews: read, typed and checked as a whole before anything else is done.

`load_configuration` is the only way in. Places and secrets stand in `ingestion.settings`; what the rows mean for a
number is for the dbt models.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from ingestion.configuration.cells import ARROW_TYPES
from ingestion.configuration.files import find_files, read_rows
from ingestion.configuration.rules import check_all
from ingestion.configuration.settings_file import read_settings
from ingestion.configuration.tables import TABLES
from ingestion.settings import SHIPPED_CONFIG, Settings

FILE_NAMES = ("settings.toml", *(f"{name}.csv" for name in TABLES))


@dataclass(frozen=True)
class Configuration:
    """All configuration in force. `tables`: one dict per row in the order of the file, blank cells None, with `row_no`
    from 1 up (the first match wins). `fingerprint` changes with any byte of any file."""

    settings: dict[str, Any]
    tables: dict[str, list[dict[str, Any]]]
    fingerprint: str

    def arrow_tables(self) -> dict[str, pa.Table]:
        """The tables by name, `row_no` first, with the same types whether they have rows or not."""
        return {name: pa.Table.from_pylist(rows, schema=_schema(name)) for name, rows in self.tables.items()}


def load_configuration(settings: Settings, catalogue: dict[str, dict[str, Any]]) -> Configuration:
    """Reads the shipped files, or those of `$HOME/config/` that replace them; `catalogue` is of `kpi_catalogue()`.

    Raises ConfigError at the first fault and does nothing else.
    """
    files = find_files(FILE_NAMES, SHIPPED_CONFIG, settings.config)
    general = read_settings(files["settings.toml"])
    by_table = {name: files[f"{name}.csv"] for name in TABLES}
    rows = {name: read_rows(file, TABLES[name]) for name, file in by_table.items()}
    check_all(rows, by_table, catalogue)
    tables = {
        name: [{"row_no": row_no, **row.values} for row_no, row in enumerate(table, start=1)]
        for name, table in rows.items()
    }
    digest = hashlib.sha256()
    for name in FILE_NAMES:
        digest.update(f"{name} {len(files[name].content)}\n".encode())
        digest.update(files[name].content)
    return Configuration(general, tables, digest.hexdigest())


def _schema(name: str) -> pa.Schema:
    columns = [(column.name, ARROW_TYPES[column.kind]) for column in TABLES[name]]
    return pa.schema([("row_no", pa.int64()), *columns])
