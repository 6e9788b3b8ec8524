"""What a run may take of the machine: memory, temporary space, and the free space it has to leave. One place for all.

Not here: where the numbers are read from (configuration.settings_file) and what a run does that needs them.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: DuckDB exceeds its limit by about a fifth, and dbt and Dagster need some too.
MEMORY_SHARE = 0.5
#: Enough for three years of millions of contacts. More makes nights of that size faster on a machine that has it to
#: spare, which only its owner knows.
MOST_MEMORY_MIB = 2560
CGROUPS = Path("/sys/fs/cgroup")
OWN_CGROUP = Path("/proc/self/cgroup")


class NoSpaceError(Exception):
    """The disk would not hold what is to be written; nothing was written. One line with the place and the amounts."""


@dataclass(frozen=True)
class Limits:
    """`temp_mib` None: DuckDB's own, nine tenths of what is free. `free_mib` stays free on every disk of the home."""

    memory_mib: int
    temp_mib: int | None
    free_mib: int

    def of_duckdb(self, temp: Path) -> dict[str, str]:
        """Settings for a connection or a dbt profile that spills into `temp`."""
        settings = {"memory_limit": f"{self.memory_mib}MiB", "temp_directory": str(temp)}
        if self.temp_mib is not None:
            settings["max_temp_directory_size"] = f"{self.temp_mib}MiB"
        return settings

    def shared(self, sharers: int) -> Limits:
        """What each of several has that work at once."""
        temp = None if self.temp_mib is None else self.temp_mib // sharers
        return Limits(self.memory_mib // sharers, temp, self.free_mib)

    def require_space(self, folder: Path, needed: int, what: str) -> None:
        """Raises NoSpaceError unless the disk of `folder` has `needed` bytes and what must stay free."""
        free = shutil.disk_usage(folder).free
        wanted = needed + (self.free_mib << 20)
        if free < wanted:
            needs = f"may need {_mib(needed)} MiB and " if needed else "needs space: "
            raise NoSpaceError(
                f"{what} {needs}{self.free_mib} MiB have to stay free, but {free >> 20} MiB are free under {folder}"
            )


def limits_of(settings: dict[str, Any]) -> Limits:
    """From the settings of a configuration; 0 stands for what the machine suggests."""
    given = settings["limits"]
    return Limits(given["memory_mib"] or default_memory_mib(), given["temp_mib"] or None, given["free_mib"])


def default_memory_mib() -> int:
    """Half of what this process may have, the machine's memory or its cgroup's limit where that is lower; not more
    than MOST_MEMORY_MIB."""
    return min(int(min(_machine_memory(), *_cgroup_memory()) * MEMORY_SHARE) >> 20, MOST_MEMORY_MIB)


def _machine_memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _cgroup_memory() -> Iterator[int]:
    """Limits of this process's control group and of those around it, of both versions of the interface."""
    yield _machine_memory()
    if not OWN_CGROUP.exists():
        return
    for line in OWN_CGROUP.read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers == "":
            root, name = CGROUPS, "memory.max"
        elif "memory" in controllers.split(","):
            root, name = CGROUPS / "memory", "memory.limit_in_bytes"
        else:
            continue
        folder = root / path.strip("/")
        for place in (folder, *folder.parents):
            limit = place / name
            if limit.is_file() and (text := limit.read_text().strip()).isdigit():
                yield int(text)
            if place == root:
                break


def _mib(size: int) -> int:
    return -(-size >> 20)
