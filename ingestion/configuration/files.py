"""Finds the configuration files (one in `$HOME/config/` replaces the shipped one whole) and reads CSV rows.

Knows nothing of what the files mean.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingestion.configuration.cells import Column
from ingestion.configuration.vocabulary import suggestion
from ingestion.errors import ConfigError


@dataclass(frozen=True)
class ConfigFile:
    """One file in force. `label` is what errors call it: relative to the home or to the checkout."""

    path: Path
    label: str
    content: bytes
    is_shipped: bool = False

    def text(self) -> str:
        try:
            return self.content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = self.content.count(b"\n", 0, error.start) + 1
            raise ConfigError("is not UTF-8; save it as CSV or text in UTF-8", self.label, line) from None


@dataclass(frozen=True)
class Row:
    """One row of a CSV file: the physical line it starts on and its typed values by column."""

    line: int
    values: dict[str, Any]


def find_files(names: tuple[str, ...], shipped: Path, home_config: Path) -> dict[str, ConfigFile]:
    """Name → the file in force. Raises ConfigError for a *.csv or *.toml in the home that replaces nothing."""
    for path in sorted(home_config.glob("*")) if home_config.is_dir() else []:
        if path.suffix.lower() in (".csv", ".toml") and path.name not in names:
            message = f"is no configuration file{suggestion(path.name, names)}"
            raise ConfigError(message, f"{home_config.name}/{path.name}")
    files = {}
    for name in names:
        path = home_config / name
        label = f"{home_config.name}/{name}"
        if is_shipped := not path.exists():
            path, label = shipped / name, f"{shipped.parent.name}/{shipped.name}/{name}"
        try:
            files[name] = ConfigFile(path, label, path.read_bytes(), is_shipped)
        except OSError as error:
            raise ConfigError(f"cannot be read ({error.strerror}); make it a readable file", label) from None
    return files


def read_rows(file: ConfigFile, columns: tuple[Column, ...]) -> list[Row]:
    """Typed rows in the order of the file; rows without any content are passed over. Raises ConfigError."""
    records = _records(file)
    line, header = next(records, (1, []))
    _check_header(file, line, [name.strip() for name in header], columns)
    position = {name.strip(): at for at, name in enumerate(header)}
    rows = []
    for line, record in records:
        if len(record) != len(header):
            message = f"has {len(record)} fields, the header has {len(header)}; check commas and quotes"
            raise ConfigError(message, file.label, line)
        try:
            rows.append(Row(line, {column.name: column.value(record[position[column.name]]) for column in columns}))
        except ValueError as error:
            raise ConfigError(str(error), file.label, line) from None
    return rows


def _records(file: ConfigFile) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(file.text(), newline=""), strict=True)
    start = 1
    while True:
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise ConfigError(f"is no valid CSV ({error}); check the quotes", file.label, start) from None
        if any(cell.strip() for cell in record):
            yield start, record
        start = reader.line_num + 1


def _check_header(file: ConfigFile, line: int, header: list[str], columns: tuple[Column, ...]) -> None:
    names = [column.name for column in columns]
    if not header:
        raise ConfigError(f"has no header; its first line is {','.join(names)}", file.label, line)
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        raise ConfigError("its columns are not separated by commas; save it with commas", file.label, line)
    for at, name in enumerate(header):
        if name not in names:
            missing = [one for one in names if one not in header]
            raise ConfigError(f"unknown column '{name}'{suggestion(name, missing or names)}", file.label, line)
        if name in header[:at]:
            raise ConfigError(f"column '{name}' stands twice; keep one", file.label, line)
    for name in names:
        if name not in header:
            raise ConfigError(f"column '{name}' is missing; add it, with blank cells if need be", file.label, line)
