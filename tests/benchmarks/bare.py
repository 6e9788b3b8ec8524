"""DuckDB alone over a landing area: read with columns known beforehand, write Parquet, nothing else.

`told(landing)` looks once, outside of any timing; `copy(reads, target)` is the reference.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import duckdb


def told(landing: Path) -> list[str]:
    """The FROM clauses that read all files: one per stream and shape, with every column's type in it."""
    shapes = defaultdict(list)
    for path in sorted(path for path in landing.rglob("*") if path.is_file()):
        stem, _, suffixes = path.name.partition(".")
        is_page = stem[-5:-4] == "_" and stem[-4:].isdigit()
        shapes[path.parent, suffixes.removesuffix(".gz").removesuffix(".zst"), is_page].append(str(path))
    return [_read(suffix, files) for (_, suffix, _), files in shapes.items()]


def _read(suffix: str, files: list[str]) -> str:
    listed = ", ".join(f"'{name}'" for name in files)
    if suffix == "csv":
        return _with_types(f"read_csv([{listed}], header=true, auto_detect=false", "all_varchar=true, auto_detect=true")
    if suffix == "ndjson":
        return _with_types(f"read_json([{listed}], format='newline_delimited'", "sample_size=20000")
    if suffix == "json":
        return f"read_json([{listed}], format='unstructured', records=false, columns={{json: 'JSON'}})"
    lines = "columns={line: 'VARCHAR'}, header=false, auto_detect=false, delim='\\x01', quote='', max_line_size=9999999"
    return f"read_csv([{listed}], {lines})"


def _with_types(call: str, looking: str) -> str:
    sniffed = f"{call.replace(', auto_detect=false', '')}, {looking})"
    rows = duckdb.execute(f"describe select * from {sniffed}").fetchall()
    columns = ", ".join(f"\"{name}\": '{type_}'" for name, type_, *_ in rows)
    return f"{call}, columns={{{columns}}})"


def copy(reads: list[str], target: Path) -> None:
    with duckdb.connect() as con:
        for number, read in enumerate(reads):
            file = f"'{target}/{number}.parquet'"
            con.execute(f"copy (select * from {read}) to {file} (format parquet, compression zstd)")
