"""The ugly cases every stream of a vendor has to have an export for, and what must become of it.

A vendor's module in this folder holds `CASES`: stream -> name of the case -> Case. test_cases.py runs them all and
fails where one is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: What each case is about. A vendor whose format cannot have it says so with `impossible`.
NAMES = {
    "happy": "a page or file as the vendor makes it",
    "empty": "a page or file without a record",
    "repeated_border": "the last record of a page comes again as the first of the next",
    "newer_version": "a record comes again, changed, in a file that is read before or after the old one",
    "unknown_enum": "a value nobody knows where the vendor has a list",
    "all_null_row": "a record of which everything is null or blank that may be",
    "dst_overlap": "an instant in the hour that comes twice",
    "non_ascii": "letters beyond ASCII in names that are kept",
    "wrong_encoding": "a file in an encoding that is not the vendor's",
    "missing_column": "a file without an optional, and one without a required column",
    "extra_column": "a file with a column nobody has declared",
    "footer": "rows at the end of a file that are no records",
}


@dataclass(frozen=True)
class Case:
    """`files`: name below landing/<source>/<stream>/ -> content, all loaded in one night. `counts`: rows read, loaded,
    duplicate and rejected; `refused`: names of files quarantined whole; `new_columns`: name -> filled cells. `select`:
    lake columns to look at, `rows`: what they must hold, ordered by all of them. `settings`: of [sources.<source>].
    `impossible`: why the vendor's format cannot have this case, in place of all else."""

    files: Mapping[str, bytes | str] = field(default_factory=dict)
    counts: tuple[int, int, int, int] = (0, 0, 0, 0)
    select: str = ""
    rows: list[tuple] = field(default_factory=list)
    refused: tuple[str, ...] = ()
    new_columns: Mapping[str, int] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    impossible: str = ""
