"""How a run went: the object that `support-kpis run --json` prints, and what it is read from.

Not here: running (lib.job) or exit codes (cli).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Outcome:
    """The result of one run; everything is null or 0 for a run that did not come to be."""

    run_id: str | None = None
    as_of: str | None = None
    published: bool = False
    rows_read: int = 0
    rows_loaded: int = 0
    rows_duplicate: int = 0
    rows_rejected: int = 0
    checks_failed: int = 0
    targets_missed: int = 0
    error: str | None = None
    busy: bool = False
    warnings: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The contract's keys, and `error` (one line, null on success)."""
        return {name: value for name, value in vars(self).items() if name not in ("busy", "warnings")}
