"""What the last alert said, in `state/alerts.json` of the home: only what differs from it is news.

A lost file means that everything is news once more, never that something is passed over.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from ingestion.settings import Settings
from orchestration.lib.home import write_if_changed

FILE = "alerts.json"


@dataclass
class Memory:
    """`targets`: target_id -> status and the `as_of` since when it is so; `stale`: streams; `failure`: why the last
    night stopped, empty after a good one; `restated`: what was told of the version's restatement; `unsent`: what could
    not be sent, and why."""

    targets: dict[str, dict[str, str]] = field(default_factory=dict)
    stale: list[str] = field(default_factory=list)
    failure: str = ""
    restated: str = ""
    unsent: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, settings: Settings) -> Memory:
        try:
            return cls(**json.loads(_path(settings).read_text()))
        except (OSError, ValueError, TypeError):
            return cls()

    def keep(self, settings: Settings) -> None:
        write_if_changed(_path(settings), json.dumps(asdict(self), indent=2, sort_keys=True) + "\n")


def _path(settings: Settings) -> Path:
    return settings.manifest_path.with_name(FILE)
