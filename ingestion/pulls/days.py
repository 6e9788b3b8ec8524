"""The days of a back-fill."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class Days:
    """A back-fill: what changed from `begin` to before `end`, seconds since 1970. Its position is its own."""

    begin: int
    end: int

    @property
    def part(self) -> str:
        return "_".join(datetime.fromtimestamp(at, UTC).strftime("%Y%m%dT%H%M%SZ") for at in (self.begin, self.end))
