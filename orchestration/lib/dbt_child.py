"""dbt's own command line, as this project calls it: `python -m orchestration.lib.dbt_child build …`.

dbt keeps what it has read of a project, and reads all of it anew (seconds) where the connection differs from the one it
was read for. Where a warehouse lies and how much memory it may take changes no model: here only its names count.

It also writes out every debug event for each of its logs before these look whether they want it: a tenth of a build.
Here such events go nowhere, as no log of ours wants them.
"""

from typing import Any

from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt.cli.main import cli
from dbt_common.events.base_types import BaseEvent, EventLevel
from dbt_common.events.event_manager import EventManager


def main() -> None:
    DuckDBCredentials._connection_keys = lambda credentials: ("database", "schema", "settings")
    _without_debug_events(EventManager)
    cli(prog_name="dbt")


def _without_debug_events(manager: type[EventManager]) -> None:
    fire = manager.fire_event

    def fire_event(self: EventManager, e: BaseEvent, level: EventLevel | None = None, *told: Any, **named: Any) -> None:
        if (level or e.level_tag()) != EventLevel.DEBUG:
            fire(self, e, level, *told, **named)

    manager.fire_event = fire_event


if __name__ == "__main__":
    main()
