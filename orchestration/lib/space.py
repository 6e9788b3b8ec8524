"""Free space on the disks of the home: asked for before a night begins and before its steps, told when one was full.

Not here: the limits themselves (ingestion.limits), and what loading takes (ingestion.space).
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import duckdb

from ingestion.limits import Limits
from ingestion.settings import Settings

# Measured: a warehouse has 24 MiB with no rows in it and grows by 3 to 4 times the lake.
EMPTY_WAREHOUSE_BYTES, LAKE_COPIES = 24 << 20, 4
# A version is a copy of the tables in DuckDB's format and one in Parquet; neither is larger than the warehouse.
VERSION_COPIES = 2


def require_to_begin(settings: Settings, limits: Limits) -> None:
    """Raises NoSpaceError where a disk has not even what must stay free; before that, nothing is written."""
    for folder in dict.fromkeys(_there(folder) for folder in _needs(settings)):
        limits.require_space(folder, 0, "the night")


def bytes_to_build(settings: Settings) -> int:
    """What the warehouse may grow by; a table that is made anew stands beside the old one for a moment."""
    walk = os.walk(settings.lake)
    lake = sum(_size(Path(folder, name)) for folder, _, names in walk for name in names if name.endswith(".parquet"))
    there = _size(settings.warehouse)
    return max(there // 4, EMPTY_WAREHOUSE_BYTES + LAKE_COPIES * lake - there)


def bytes_to_publish(settings: Settings, used: int | None = None) -> int:
    """`used`: bytes_in_use of the warehouse, where it can be asked; else its file counts whole."""
    return VERSION_COPIES * (_size(settings.warehouse) if used is None else used)


def bytes_in_use(warehouse: duckdb.DuckDBPyConnection) -> int:
    """What tables take of the file. Where they were built anew in place, as much of it again may be free."""
    asked = "select used_blocks * block_size from pragma_database_size() where database_name = current_database()"
    return warehouse.execute(asked).fetchall()[0][0]


def where_full(settings: Settings, limits: Limits) -> str:
    """The disk that has least of what a night needs there, in words."""
    return "{0} MiB are free under {2}, a night needs about {1} MiB there".format(*scarcest(settings, limits))


def scarcest(settings: Settings, limits: Limits) -> tuple[int, int, Path]:
    """MiB that are free and MiB that a night needs, where there is least of what it needs."""
    short = {folder: need + (limits.free_mib << 20) - _free(folder) for folder, need in _needs(settings).items()}
    folder = max(short, key=short.get)
    return _free(folder) >> 20, (_needs(settings)[folder] >> 20) + max(limits.free_mib, 1), folder


def _needs(settings: Settings) -> dict[Path, int]:
    """Folders that may be disks of their own, with the bytes that a night may add to them."""
    build, publish = bytes_to_build(settings), bytes_to_publish(settings)
    return {
        settings.home: build + publish,
        settings.lake: 0,
        settings.manifest_path.parent: 0,
        settings.quarantine: 0,
        settings.warehouse.parent: build,
        settings.tmp: 0,
        settings.published: publish,
        settings.dagster_home: 0,
        settings.dbt_dir: 0,
        settings.logs: 0,
    }


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0  # not there yet, or another run removed it meanwhile


def _free(folder: Path) -> int:
    return shutil.disk_usage(_there(folder)).free


def _there(folder: Path) -> Path:
    """The folder, or the nearest one above it that exists: it will be made on that disk."""
    return next(place for place in (folder, *folder.parents) if place.is_dir())
