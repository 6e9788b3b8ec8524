"""What came of a fault that was tried many times. No fault is known here."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Tally:
    """`counts`: what happened how often, in words; `failures`: one line for each try that did not end as it must."""

    counts: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def saw(self, what: str, times: int = 1) -> None:
        self.counts[what] += times

    def add(self, other: Tally) -> None:
        """What came of other tries."""
        self.counts.update(other.counts)
        self.failures.extend(other.failures)

    def expect(self, holds: bool, failure: str) -> None:
        """Notes `failure` unless it holds."""
        if not holds:
            self.failures.append(failure)

    def __str__(self) -> str:
        return ", ".join(f"{times:,} {what}" for what, times in self.counts.items())
